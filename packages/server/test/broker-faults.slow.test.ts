import { setImmediate } from 'node:timers/promises';
import { connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { exchanges } from '../src/fanout/broker-exchanges.ts';
import { FanoutNode } from './fanout/fanout-node.ts';
import { until } from './fanout/fanout-recorder.ts';
import { makeEvent } from './fanout/make-event.ts';
import { FaultProxy } from './fault-proxy.ts';
import { heldBytes } from './held-bytes.ts';
import { RabbitmqServer, skipsRabbitmq } from './rabbitmq-server.ts';

/** One string, so that what a listener keeps weighs nothing. */
const longBody = 'x'.repeat(8_000);

describe.skipIf(skipsRabbitmq)('a broker that fails', () => {
  let server: RabbitmqServer;
  let proxy: FaultProxy;
  /** Behind the proxy. */
  let north: FanoutNode;
  let south: FanoutNode;
  let seq = 0;
  beforeAll(async () => {
    server = await RabbitmqServer.start();
  });
  beforeEach(async () => {
    proxy = await FaultProxy.open(server.port);
    north = await FanoutNode.join('north', `amqp://guest:guest@127.0.0.1:${proxy.port}`);
    south = await FanoutNode.join('south', server.url);
    for (const { fanout } of [north, south]) fanout.watch('lobby');
    await expectToMeet();
  });
  afterEach(async () => {
    await Promise.all([north.fanout.close(), south.fanout.close()]);
    proxy.close();
  });
  afterAll(() => server.stop());

  /** Both hear what the other publishes about the room. */
  async function expectToMeet(): Promise<void> {
    for (const [from, to] of [
      [north, south],
      [south, north],
    ] as const) {
      const first = seq + 1;
      // Bindings are made in the background, so that the first may be too early.
      await until(() => {
        seq += 1;
        from.publish('lobby', seq);
        return to.heard.events.some((event) => event.seq >= first);
      });
    }
  }

  /** What north went through, it got over: it says so, is bound again, and had told that it missed something. */
  async function expectToHeal(reason: RegExp, node = north): Promise<void> {
    // Ready it may also be because it has not noticed yet.
    await until(() => reason.test(node.log));
    await node.ready();
    expect(node.heard.reconnects).toBe(2);
    await expectToMeet();
  }

  test('refused from the start, a node starts degraded, and is there when the broker is', async () => {
    proxy.refuse();
    const east = new FanoutNode('east', `amqp://guest:guest@127.0.0.1:${proxy.port}`);
    east.fanout.watch('lobby');
    await until(() => east.reason.includes('ECONNREFUSED'));
    expect(east.heard.reconnects).toBe(0);
    await proxy.pass();
    await east.ready();
    expect(east.heard.reconnects).toBe(1);
    south.publish('lobby', 9_000_000);
    await south.reaches(east);
    expect(east.heard.seqsOf('lobby')).toEqual([9_000_000]);
    expect(east.heard.drops).toBe(0);
    await east.fanout.close();
  });

  test.each([
    ['protocol', 'amqps://', '', /what answers there does not speak TLS/],
    ['password', 'amqp://somebody:h%40lf-secret@', '', /ACCESS_REFUSED - Login was refused/],
    ['virtual host', 'amqp://guest:guest@', '/nowhere', /it has no virtual host “nowhere” for this user/],
  ])('a wrong %s is told in one line, without what one logs in with', async (_what, login, path, why) => {
    const east = new FanoutNode('east', `${login}127.0.0.1:${server.port}${path}`);
    await until(() => east.reason.includes('cannot be relied on'));
    expect(east.reason).toMatch(why);
    expect(east.reason + east.log).not.toMatch(/somebody|h(@|%40)lf-secret/);
    expect(east.log.trimEnd().split('\n')).toHaveLength(1);
    await east.fanout.close();
  });

  test('a connection that is reset is made again', async () => {
    expect([north.heard.drops, south.heard.drops]).toEqual([0, 0]);
    proxy.reset();
    await north.degraded();
    await expectToHeal(/cannot be relied on: .*(ECONNRESET|Unexpected close)/);
    // What it had published last may be lost, and the other one cannot know.
    expect([north.heard.drops, south.heard.drops]).toEqual([1, 0]);
  });

  test('a broker that closes every connection is reached again', async () => {
    await server.control('close_all_connections', 'for a test');
    await expectToHeal(/CONNECTION[-_]FORCED/);
  });

  test('a black hole is noticed within two seconds, and left when it ends', async () => {
    const from = performance.now();
    proxy.drop();
    await north.degraded();
    expect(performance.now() - from).toBeLessThan(2_000);
    expect(north.reason).toContain('it no longer answers');
    expect(south.fanout.state).toEqual({ name: 'ready' });
    await proxy.pass();
    await expectToHeal(/it no longer answers/);
  });

  test('a slow network is no black hole', async () => {
    proxy.delay(200);
    for (let i = 0; i < 5; i += 1) await south.reaches(north);
    await expectToMeet();
    expect(north.fanout.state).toEqual({ name: 'ready' });
    expect(north.heard.reconnects).toBe(1);
  });

  test('a queue that is deleted is made again', async () => {
    const queues = (await server.control('list_queues', 'name'))
      .split('\n')
      .filter((name) => name.startsWith('amq.gen'));
    for (const queue of queues) await server.control('delete_queue', queue);
    await expectToHeal(/it deleted the queue of this node/);
  });

  test('a channel that the broker closes is opened again', async () => {
    const model = await connect(server.url);
    const channel = await model.createChannel();
    await channel.deleteExchange(exchanges.events);
    await model.close();
    // Publishing to an exchange that is gone closes the channel.
    for (const node of [north, south]) node.publish('lobby', 9_000_001);
    await until(() => [north, south].every(({ heard }) => heard.reconnects === 2));
    await expectToHeal(/NOT[-_]FOUND/);
  });

  test('a broker without memory takes nothing and closes nothing, and all goes on when it has some again', async () => {
    await server.control('set_vm_memory_high_watermark', 'absolute', '1MB');
    await until(() => north.reason.includes('short of memory or disk'));
    north.publish('lobby', 9_000_002);
    await until(() => north.log.includes('takes less than is published'));
    await server.control('set_vm_memory_high_watermark', '0.9');
    await north.ready();
    // Once at the beginning, and once to have everybody look up what was dropped.
    expect(north.heard.reconnects).toBe(2);
    expect(north.log.match(/is reached/g)).toHaveLength(1);
    await expectToMeet();
  });

  test('what is published into a black hole is dropped, not kept', async () => {
    proxy.drop();
    const before = heldBytes();
    for (let i = 0; i < 250; i += 1) await publishMuch();
    expect(north.log).toContain('takes less than is published');
    // Of 200 MB.
    expect(heldBytes() - before).toBeLessThan(120_000_000);
    await north.degraded();
    await proxy.pass();
    await expectToHeal(/it no longer answers/);
  });

  test('once the network takes again what was too much for it, publishing goes on', async () => {
    proxy.drop();
    while (!north.log.includes('takes less than is published')) await publishMuch();
    expect(north.heard.drops).toBe(0);
    await proxy.pass();
    await expectToMeet();
    expect(north.fanout.state).toEqual({ name: 'ready' });
    expect(north.heard.drops).toBe(1);
  });

  /** 800 kB, in one tick. */
  async function publishMuch(): Promise<void> {
    for (let i = 0; i < 100; i += 1) north.fanout.publish(makeEvent('designers', 1, longBody));
    await setImmediate();
  }

  test('a broker that is killed and started again: publishing goes on meanwhile, and bindings are made again', async () => {
    await server.kill();
    await Promise.all([north.degraded(), south.degraded()]);
    for (const { fanout } of [north, south]) {
      fanout.publish(makeEvent('lobby', 9_000_003));
      fanout.publishPresence('lobby', {});
      fanout.publishControl({});
      fanout.watch('designers');
    }
    await server.restart();
    await Promise.all([north.ready(), south.ready()]);
    await expectToHeal(/ECONNREFUSED/, south);
    north.publish('designers', 1);
    await north.reaches(south);
    expect(south.heard.seqsOf('designers')).toEqual([1]);
    await expectToHeal(/cannot be relied on/);
  });
});
