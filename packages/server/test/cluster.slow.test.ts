import type { SelfFrame } from '@parlour/protocol/frames';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exchanges } from '../src/fanout/broker-exchanges.ts';
import { shardOf } from '../src/fanout/shard.ts';
import { byHand, lastRevocation } from './by-hand.ts';
import { Cluster } from './cluster.ts';
import { FaultProxy } from './fault-proxy.ts';
import { hasPostgres } from './postgres-server.ts';
import { skipsRabbitmq } from './rabbitmq-server.ts';
import { TestSocket, UpgradeRefused } from './test-socket.ts';
import type { Visitor } from './visitor.ts';

const isMissing = process.env['CI'] !== 'true' && (!hasPostgres || skipsRabbitmq);

describe.skipIf(isMissing)('several nodes of one house', () => {
  let cluster: Cluster;
  let ada: Visitor;
  let grace: Visitor;
  let linus: Visitor;
  let lobby: string;

  beforeAll(async () => {
    cluster = await Cluster.start(3);
    const [first, second, third] = cluster.nodes.map(({ origin }) => origin);
    ada = await cluster.signUp('Ada');
    grace = await cluster.signUp('Grace');
    linus = await cluster.signUp('Linus');
    ada.moveTo(first ?? '');
    grace.moveTo(second ?? '');
    linus.moveTo(third ?? '');
    lobby = (await ada.createRoom('Lobby')).id;
    await grace.join(lobby);
    await linus.join(lobby);
  });
  afterAll(() => cluster.stop());

  test('P-SELF-1: a node is sent what happens in rooms that are joined there, and of others only that there is news', async () => {
    const [adas, graces] = [await ada.connect(), await grace.connect()];
    adas.send({ type: 'send', room: lobby, id: 'to-onlookers', body: 'Nobody looks' });
    expect(await graces.next('self', (frame) => frame.kind === 'unread')).toMatchObject({ room: lobby, unread: 1 });
    expect(await listBoundShards()).toEqual([]);
    await graces.join(lobby);
    await expect.poll(listBoundShards).toEqual([shardOf(lobby), shardOf(lobby)]);
    await cut([adas, graces]);
  });

  test('A4, I2: what is said on one is heard on all, in one order and once', async () => {
    const sockets = await Promise.all([ada, grace, linus].map((person) => person.connect()));
    const heads = await Promise.all(sockets.map((socket) => socket.join(lobby)));
    const from = heads[0]?.seq ?? 0;
    await Promise.all(
      sockets.flatMap((socket, who) =>
        Array.from({ length: 20 }, (_, i) =>
          socket.send({ type: 'send', room: lobby, id: `said-${who}-${i}`, body: `${who} ${i}` }),
        ),
      ),
    );
    for (const socket of sockets) await socket.next('event', ({ seq }) => seq === from + 60);
    const [first, ...others] = sockets.map((socket) => socket.events(lobby));
    expect(first?.map(({ seq }) => seq)).toEqual(Array.from({ length: 60 }, (_, i) => from + i + 1));
    for (const heard of others) expect(heard).toEqual(first);
    await cut(sockets);
  });

  test('B1, P-TICKET-2: a ticket of one opens one socket on any', async () => {
    const ticket = await ada.ticket();
    const tries = await Promise.allSettled(
      cluster.nodes.flatMap(({ origin }) => [1, 2, 3].map(() => TestSocket.open(origin, ticket))),
    );
    const opened = tries.filter((one) => one.status === 'fulfilled');
    expect(opened).toHaveLength(1);
    for (const one of tries) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(UpgradeRefused);
    await cut(opened.map(({ value }) => value));
  });

  test('I7, C6: whoever signs out on one is closed on all within a second', async () => {
    const person = await cluster.signUp('Passing');
    const sockets: TestSocket[] = [];
    for (const { origin } of cluster.nodes) {
      person.moveTo(origin);
      sockets.push(await person.connect());
    }
    await person.signOut();
    for (const socket of sockets) expect(await socket.closed).toEqual({ code: 4403, reason: 'signed_out' });
    expect(sinceEnding()).toBeLessThan(1_000);
  });

  test('I7: a row that is deleted by hand closes its sockets on all', async () => {
    const person = await cluster.signUp('Deleted');
    const sockets: TestSocket[] = [];
    for (const { origin } of cluster.nodes) {
      person.moveTo(origin);
      sockets.push(await person.connect());
    }
    const closed = Promise.all(sockets.map((socket) => socket.closed));
    byHand(cluster, (db) => db.prepare('DELETE FROM session WHERE userId = ?').run(person.id));
    for (const { code } of await closed) expect(code).toBe(4403);
    expect(sinceEnding()).toBeLessThan(1_000);
  });

  test('I5, P-REVOKE-3: whoever is taken out of a room on one hears nothing more of it on another', async () => {
    const room = (await ada.createRoom('Passing')).id;
    await grace.join(room);
    const [adas, graces] = [await ada.connect(), await grace.connect()];
    await adas.join(room);
    await graces.join(room);
    adas.send({ type: 'send', room, id: 'before-removal', body: 'Still here' });
    await graces.next('event', (event) => event.event === 'message');
    await ada.remove(room, grace);
    await graces.next('left');
    adas.send({ type: 'send', room, id: 'after-removal', body: 'Among us' });
    await adas.next('ack', ({ id }) => id === 'after-removal');
    await graces.settle();
    expect(graces.events(room).some((event) => event.event === 'message' && event.id === 'after-removal')).toBe(false);
    await cut([adas, graces]);
  });

  test('I8: people of all are present once, and go when they go', async () => {
    const room = (await ada.createRoom('Present')).id;
    for (const person of [grace, linus]) await person.join(room);
    const adas = await ada.connect();
    await adas.join(room);
    const graces = await grace.connect();
    await graces.join(room);
    const seen = await adas.next('presence', ({ entered }) => entered.some(({ id }) => id === grace.id));
    expect(seen.count).toBe(2);
    grace.moveTo(cluster.nodes[2]?.origin ?? '');
    const second = await grace.connect();
    await second.join(room);
    await graces.cut();
    const linuss = await linus.connect();
    const joined = await linuss.join(room);
    const others = new Set(joined.members.map(({ id }) => id));
    while (others.size < 3) for (const { id } of (await linuss.next('presence')).entered) others.add(id);
    expect(others).toEqual(new Set([ada.id, grace.id, linus.id]));
    await second.cut();
    expect((await adas.next('presence', ({ left }) => left.includes(grace.id))).count).toBe(2);
    grace.moveTo(cluster.nodes[1]?.origin ?? '');
    await cut([adas, linuss]);
  });

  test('P-SELF-1, P-SELF-2, P-TYPING-1: news and typing reach people on another', async () => {
    const room = (await ada.createRoom('News', true)).id;
    const [adas, graces] = [await ada.connect(), await grace.connect()];
    await adas.join(room);
    await ada.add(room, grace);
    expect(await graces.next('self', (frame) => frame.kind === 'added')).toMatchObject({ room, name: 'News' });
    adas.send({ type: 'send', room, id: 'news', body: 'News' });
    // Also of other rooms something may be told at any moment, and of this one what was true before.
    const unreadIs = (unread: number) => (frame: SelfFrame) =>
      frame.kind === 'unread' && frame.room === room && frame.unread === unread;
    await graces.next('self', unreadIs(1));
    grace.moveTo(cluster.nodes[2]?.origin ?? '');
    const elsewhere = await grace.connect();
    graces.send({ type: 'read', room, seq: 1_000_000 });
    await elsewhere.next('self', unreadIs(0));
    grace.moveTo(cluster.nodes[1]?.origin ?? '');
    await graces.join(room);
    // Typing is told once and to those who listen by then: what comes first shows that this node does.
    adas.send({ type: 'send', room, id: 'more-news', body: 'More' });
    await graces.next('event', (event) => event.event === 'message');
    adas.send({ type: 'typing', room });
    expect((await graces.next('typing')).user.id).toBe(ada.id);
    await cut([adas, graces, elsewhere]);
  });

  test('I1, I4, I11: without the broker it goes on, slower, and says so', async () => {
    const [adas, graces, linuss] = await Promise.all([ada.connect(), grace.connect(), linus.connect()]);
    await adas.join(lobby);
    const { seq } = await graces.join(lobby);
    await cluster.rabbitmq.kill();
    for (const person of [ada, grace, linus]) await untilStatus(person, 'degraded');
    adas.send({ type: 'send', room: lobby, id: 'without-broker', body: 'Anybody there?' });
    await adas.next('ack', ({ id }) => id === 'without-broker');
    const from = performance.now();
    expect((await graces.next('event', (event) => event.seq === seq + 1)).event).toBe('message');
    expect(performance.now() - from).toBeLessThan(2_500);
    await linuss.next('self', (frame) => frame.kind === 'unread' && frame.room === lobby && frame.seq === seq + 1);
    expect(performance.now() - from).toBeLessThan(6_000);
    await cluster.rabbitmq.restart();
    for (const person of [ada, grace, linus]) await untilStatus(person, 'ready');
    await cut([adas, graces, linuss]);
  });

  test('I11, P-SELF-1: what one that was cut off wrote meanwhile is unread on another, which did not notice', async () => {
    const proxy = await FaultProxy.open(cluster.rabbitmq.port);
    const { origin, server } = await cluster.add({ BROKER_URL: `amqp://guest:guest@127.0.0.1:${proxy.port}` });
    ada.moveTo(origin);
    const [adas, graces] = [await ada.connect(), await grace.connect()];
    const { seq } = await adas.join(lobby);
    proxy.refuse();
    proxy.reset();
    await untilStatus(ada, 'degraded');
    adas.send({ type: 'send', room: lobby, id: 'cut-off', body: 'Does anybody hear me?' });
    await adas.next('ack', ({ id }) => id === 'cut-off');
    await proxy.pass();
    await graces.next('self', (frame) => frame.kind === 'unread' && frame.room === lobby && frame.seq > seq);
    await cut([adas, graces]);
    ada.moveTo(cluster.nodes[0]?.origin ?? '');
    await server.kill();
    proxy.close();
  });

  test('I8: people of a node that is killed are no ghosts for longer than 15 seconds', async () => {
    const room = (await ada.createRoom('Haunted')).id;
    await linus.join(room);
    const adas = await ada.connect();
    await adas.join(room);
    const doomed = await cluster.add();
    linus.moveTo(doomed.origin);
    const linuss = await linus.connect();
    await linuss.join(room);
    await adas.next('presence', ({ entered }) => entered.some(({ id }) => id === linus.id));
    const from = performance.now();
    await doomed.server.kill();
    await adas.next('presence', ({ left }) => left.includes(linus.id));
    expect(performance.now() - from).toBeLessThan(15_000);
    linus.moveTo(cluster.nodes[2]?.origin ?? '');
    await cut([adas]);
  });

  /** Milliseconds since the ending that was committed last. */
  function sinceEnding(): number {
    const now = Date.now();
    return now - lastRevocation(cluster);
  }

  /** One for each exchange that goes by shard, and node that is bound to it. */
  async function listBoundShards(): Promise<string[]> {
    const rows = (await cluster.rabbitmq.control('list_bindings', 'source_name', 'routing_key')).split('\n');
    const found = rows.map((row) => row.trim().split('\t'));
    return found.flatMap(([source, shard = '']) =>
      source === exchanges.events || source === exchanges.presence ? [shard] : [],
    );
  }
});

async function untilStatus(person: Visitor, status: string): Promise<void> {
  while ((await person.request<{ status: string }>('GET', '/health/ready')).body.status !== status);
}

async function cut(sockets: readonly TestSocket[]): Promise<void> {
  await Promise.all(sockets.map((socket) => socket.cut()));
}
