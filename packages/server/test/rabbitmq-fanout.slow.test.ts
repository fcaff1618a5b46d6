import { type Channel, type ChannelModel, connect } from 'amqplib';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { exchanges, queueOptions } from '../src/fanout/broker-exchanges.ts';
import { shardOf } from '../src/fanout/shard.ts';
import { describeFanout } from './fanout/fanout-contract.ts';
import { FanoutNode } from './fanout/fanout-node.ts';
import { until } from './fanout/fanout-recorder.ts';
import { makeEvent } from './fanout/make-event.ts';
import { RabbitmqServer, skipsRabbitmq } from './rabbitmq-server.ts';

describe.skipIf(skipsRabbitmq)('with a broker', () => {
  let server: RabbitmqServer;
  const nodes: FanoutNode[] = [];
  const strangers: ChannelModel[] = [];
  beforeAll(async () => {
    server = await RabbitmqServer.start();
  });
  afterEach(async () => {
    await Promise.all(nodes.splice(0).map(({ fanout }) => fanout.close()));
    await Promise.all(strangers.splice(0).map((model) => model.close()));
  });
  afterAll(() => server.stop());

  async function join(...names: string[]): Promise<FanoutNode[]> {
    const joined = await Promise.all(names.map((name) => FanoutNode.join(name, server.url)));
    nodes.push(...joined);
    return joined;
  }

  describe('of one node', () => {
    let north: FanoutNode;
    let south: FanoutNode;
    beforeAll(async () => {
      [north, south] = (await Promise.all(['north', 'south'].map((name) => FanoutNode.join(name, server.url)))) as [
        FanoutNode,
        FanoutNode,
      ];
    });
    afterAll(() => south.fanout.close());

    describeFanout('the fan-out over RabbitMQ', {
      open: async () => north.fanout,
      settle: async () => {
        await north.reaches(south);
        await south.reaches(north);
      },
    });
  });

  test('I2: every node that watches a room hears another one’s events in order, and nobody else', async () => {
    const [north, south, east, west] = (await join('north', 'south', 'east', 'west')) as [
      FanoutNode,
      FanoutNode,
      FanoutNode,
      FanoutNode,
    ];
    for (const { fanout } of [south, east]) fanout.watch('lobby');
    west.fanout.watch('designers');
    await untilBound('lobby', 2);
    const seqs = Array.from({ length: 60 }, (_, i) => i + 1);
    for (const seq of seqs) {
      north.publish('lobby', seq);
      if (seq % 20 === 0) await north.reaches(south);
    }
    north.publish('designers', 1);
    await north.reaches(south, east, west);
    for (const { heard } of [south, east]) expect(heard.seqsOf('lobby')).toEqual(seqs);
    expect(south.heard.events[0]).toEqual(makeEvent('lobby', 1));
    expect(west.heard.events).toEqual([makeEvent('designers', 1)]);
    expect(south.heard.seqsOf('designers')).toEqual([]);
  });

  test('presence reaches who watches the room, control everybody, with the node that said it', async () => {
    const [north, south, west] = (await join('north', 'south', 'west')) as [FanoutNode, FanoutNode, FanoutNode];
    south.fanout.watch('lobby');
    await untilBound('lobby', 1);
    north.fanout.publishPresence('lobby', { enters: 'ada' });
    north.fanout.publishControl({ renamed: 'ada' });
    await north.reaches(south, west);
    expect(south.heard.presences).toEqual([{ room: 'lobby', message: { enters: 'ada' }, node: 'north' }]);
    expect(west.heard.presences).toEqual([]);
    for (const { heard } of [south, west])
      expect(heard.controls[0]).toEqual({ message: { renamed: 'ada' }, node: 'north' });
  });

  test('two watchers of a room are two, and after the last its shard is let go', async () => {
    const [north, south] = (await join('north', 'south')) as [FanoutNode, FanoutNode];
    south.fanout.watch('lobby');
    south.fanout.watch('lobby');
    await untilBound('lobby', 1);
    south.fanout.unwatch('lobby');
    north.publish('lobby', 1);
    await north.reaches(south);
    south.fanout.unwatch('lobby');
    north.publish('lobby', 2);
    await north.reaches(south);
    expect(south.heard.seqsOf('lobby')).toEqual([1]);
    await untilBound('lobby', 0);
  });

  test('a node is told when it begins to hear about rooms, since what was published just before is lost', async () => {
    const [north, south] = (await join('north', 'south')) as [FanoutNode, FanoutNode];
    south.fanout.watch('lobby');
    south.fanout.watch('lobby');
    await until(() => south.heard.hearing.length > 0);
    expect(south.heard.hearing).toEqual(['lobby']);
    north.publish('lobby', 1);
    await north.reaches(south);
    expect(south.heard.seqsOf('lobby')).toEqual([1]);
  });

  test('what a tick publishes is one message a shard, in the form that docs/broker.md gives', async () => {
    const [north] = (await join('north')) as [FanoutNode];
    const other = await listenApart('lobby');
    for (let seq = 1; seq <= 30; seq += 1) north.publish('lobby', seq);
    await until(() => other.messages.length > 0);
    const items = Array.from({ length: 30 }, (_, i) => makeEvent('lobby', i + 1));
    expect(other.messages.map((message) => JSON.parse(message))).toEqual([{ v: 1, node: 'north', items }]);
    const large = 'x'.repeat(8_000);
    for (let seq = 31; seq <= 60; seq += 1) north.fanout.publish(makeEvent('lobby', seq, large));
    // Fifteen of these fit one portion.
    await until(() => other.messages.length === 3);
    expect(Math.max(...other.messages.map((message) => message.length))).toBeLessThan(128 * 1024);
  });

  test('unknown versions and garbage are left alone, told once, and harm nothing', async () => {
    const [south] = (await join('south')) as [FanoutNode];
    south.fanout.watch('lobby');
    await untilBound('lobby', 1);
    const other = await listenApart('lobby');
    const event = makeEvent('lobby', 1);
    const say = (value: unknown, exchange: string = exchanges.events) =>
      other.channel.publish(
        exchange,
        shardOf('lobby'),
        Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
      );
    for (let i = 0; i < 5; i += 1) say({ v: 2, node: 'north', items: [event] });
    for (const odd of ['', '{', 'null', '[]', '{"v":1}', '\u0000\u0001']) say(odd);
    for (const items of [[null], [{ room: 'lobby' }], [{ ...event, seq: '1' }], {}])
      say({ v: 1, node: 'north', items });
    say({ v: 1, node: 'north', items: [{ message: 'no room' }] }, exchanges.presence);
    say({ v: 1, node: 'north', items: [event] });
    await until(() => south.heard.events.length > 0);
    expect(south.heard.events).toEqual([event]);
    expect(south.heard.presences).toEqual([]);
    expect(south.fanout.state).toEqual({ name: 'ready' });
    expect(south.log.match(/its version is unknown/g)).toHaveLength(1);
    expect(south.log.match(/it is malformed/g)).toHaveLength(2);
  });

  test('I9: the queue of a node that does not read drops the oldest beyond its bounds', async () => {
    await join('north');
    const rows = (await server.control('list_queues', 'name', 'arguments')).split('\n');
    const [own = ''] = rows.filter((row) => row.startsWith('amq.gen'));
    for (const bound of ['{"x-max-length",10000}', '{"x-max-length-bytes",16777216}', '{"x-overflow","drop-head"}'])
      expect(own).toContain(bound);
    const model = await connect(server.url);
    strangers.push(model);
    const channel = await model.createConfirmChannel();
    const { queue } = await channel.assertQueue('', queueOptions);
    const publish = async (count: number, bytes: number) => {
      for (let i = 0; i < count; i += 1) channel.sendToQueue(queue, Buffer.alloc(bytes));
      await channel.waitForConfirms();
      return (await channel.checkQueue(queue)).messageCount;
    };
    expect(await publish(11_000, 1)).toBeLessThanOrEqual(10_000);
    const length = await publish(300, 100 * 1024);
    expect(length).toBeGreaterThan(0);
    expect(length).toBeLessThanOrEqual((16 * 1024) / 100);
  });

  /** Resolves when so many nodes get what is published about the room. */
  function untilBound(room: string, count: number): Promise<void> {
    const check = async () => {
      const rows = (await server.control('list_bindings', 'source_name', 'routing_key')).split('\n');
      for (const exchange of [exchanges.events, exchanges.presence])
        expect(rows.filter((row) => row.trim() === `${exchange}\t${shardOf(room)}`)).toHaveLength(count);
    };
    return vi.waitFor(check, { timeout: 20_000, interval: 10 });
  }

  /** Somebody on the same exchange who is no node. */
  async function listenApart(room: string): Promise<{ channel: Channel; messages: string[] }> {
    const model = await connect(server.url);
    strangers.push(model);
    const channel = await model.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, exchanges.events, shardOf(room));
    const messages: string[] = [];
    await channel.consume(queue, (message) => messages.push(message?.content.toString() ?? 'cancelled'), {
      noAck: true,
    });
    return { channel, messages };
  }
});
