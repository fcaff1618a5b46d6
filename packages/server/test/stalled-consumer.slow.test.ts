import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Cluster, type Node } from './cluster.ts';
import { FaultProxy } from './fault-proxy.ts';
import { hasPostgres } from './postgres-server.ts';
import { skipsRabbitmq } from './rabbitmq-server.ts';
import type { Visitor } from './visitor.ts';

const isMissing = process.env['CI'] !== 'true' && (!hasPostgres || skipsRabbitmq);
/** Bytes a second: what is sent below would take minutes. */
const trickle = 10_000;
const messages = 300;
const body = 'x'.repeat(6_000);

describe.skipIf(isMissing)('a node that takes from the broker more slowly than is published', () => {
  let cluster: Cluster;
  let proxy: FaultProxy;
  let stalled: Node;
  let ada: Visitor;
  let grace: Visitor;
  let lobby: string;

  beforeAll(async () => {
    cluster = await Cluster.start(1);
    proxy = await FaultProxy.open(cluster.rabbitmq.port);
    stalled = await cluster.add({ BROKER_URL: `amqp://guest:guest@127.0.0.1:${proxy.port}` });
    ada = await cluster.signUp('Ada');
    grace = await cluster.signUp('Grace');
    grace.moveTo(stalled.origin);
    lobby = (await ada.createRoom('Lobby')).id;
    await grace.join(lobby);
  });
  afterAll(async () => {
    await cluster.stop();
    proxy.close();
  });

  const untilReady = async (status: string) => {
    for (;;) {
      const { body: health } = await grace.request<{ status: string; reason?: string }>('GET', '/health/ready');
      if (health.status === status) return health;
    }
  };

  test('I2, I11: reads what it did not hear from the database, in order and once, and says that it is degraded', async () => {
    await untilReady('ready');
    const [talking, listening] = [await ada.connect(), await grace.connect()];
    const { seq: head } = await listening.join(lobby);
    proxy.throttle(trickle);
    const from = performance.now();
    for (let i = 0; i < messages; i += 1) talking.send({ type: 'send', room: lobby, id: `stalled-${i}`, body });
    await listening.next('event', ({ seq }) => seq === head + messages);
    // Through the broker only a part could have come.
    expect(performance.now() - from).toBeLessThan((messages * body.length * 1_000) / trickle / 3);
    expect(listening.events(lobby).map(({ seq }) => seq)).toEqual(
      Array.from({ length: messages }, (_, i) => head + 1 + i),
    );
    expect(await untilReady('degraded')).toMatchObject({ reason: expect.stringContaining('cannot be relied on') });

    await proxy.pass();
    await untilReady('ready');
    talking.send({ type: 'send', room: lobby, id: 'afterwards', body: 'Well again' });
    await listening.next('event', ({ seq }) => seq === head + messages + 1);
    await Promise.all([talking.cut(), listening.cut()]);
  });
});
