import type { BenchCluster, BrokerCounts } from './bench-cluster.ts';
import type { Child } from './child.ts';
import type { Costs } from './cost.ts';
import { type CostsHouse, letIn, listLoudRooms, narrowMembers, peopleARoom } from './load/costs-house.ts';
import type { CostsDone, CostsOrder } from './load/costs-load.ts';
import { median } from './statistics.ts';
import { type Measured, type Rates, toRates, without } from './usage.ts';

export type CostsPlan = {
  rounds: number;
  /** Of one round. */
  milliseconds: number;
  /** Sockets with one message each under way. */
  senders: number;
  /** Twice as many idle ones are connected; what connecting costs is that of the second half. */
  sockets: number;
  /** Seconds of doing nothing, which should be a multiple of the time between two pings. */
  idleSeconds: number;
  /** Readers of one room, many and few. */
  crowd: number;
  few: number;
  /** At least so many are stored before their bytes are counted. */
  messages: number;
};

type Bench = {
  cluster: BenchCluster;
  load: Child;
  plan: CostsPlan;
  house: CostsHouse;
  say: (line: string) => void;
};
type Sends = { rounds: { used: Measured; count: number }[]; messages: BrokerCounts; count: number };

/** Milliseconds in which a room's news are gathered for those who do not look at it, and a little more. */
const noticeEvery = 600;
const readsASecond = 400;
/** Seconds after which the other node has been told that somebody left all of their rooms, or came into them. */
const goodbye = 5.5;
const welcome = 1.5;

export async function measureCosts(bench: Bench): Promise<Costs> {
  const { say } = bench;
  say('doing nothing …');
  const { loops, idle, bytes } = await measureLoops(bench);
  say('looking at the heads of quiet rooms …');
  const heads = await measureHeads(bench, idle);
  say('sending …');
  const sends = await measureSends(bench, idle);
  say('delivering …');
  const deliveries = await measureDeliveries(bench);
  say('connecting people who do nothing …');
  const sockets = await measureSockets(bench, idle);
  say('noticing what is unread …');
  const notices = await measureNotices(bench, sends.send);
  const { eventAndDelivery, ...rest } = sends;
  const receivedEvent = Math.max(0, eventAndDelivery - deliveries.together);
  const { together, alone } = deliveries;
  return {
    ...rest,
    delivery: { alone, together },
    receive: { ...rest.receive, event: receivedEvent },
    ...sockets,
    ...notices,
    node: { bytes },
    loops,
    heads,
  };
}

function order(load: Child, wish: CostsOrder): Promise<CostsDone> {
  return load.ask<CostsDone>(wish);
}

const rest = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1_000));

async function measureLoops({ cluster, plan }: Bench): Promise<{ loops: Costs['loops']; idle: Rates; bytes: number }> {
  await rest(Math.min(5, plan.idleSeconds / 4));
  const { resident } = await cluster.memory();
  const { used } = await cluster.measure(() => rest(plan.idleSeconds * 0.4));
  const idle = toRates(used);
  const loops = { node: (idle.near + idle.far) / 2, postgres: idle.postgres / 2, broker: idle.broker / 2 };
  return { loops, idle, bytes: resident };
}

/** The far node looks at the heads of all rooms of one socket, once a second. */
async function measureHeads({ cluster, load, plan, house }: Bench, idle: Rates): Promise<Costs['heads']> {
  await order(load, { kind: 'connect', crowd: 'rover', port: cluster.ports.far, people: ['rover'] });
  const rooms = Array.from({ length: house.quietRooms }, (_, i) => `quiet-${i}`);
  await order(load, { kind: 'join', crowd: 'rover', rooms });
  await rest(Math.min(2, plan.idleSeconds / 4));
  const { used } = await cluster.measure(() => rest(plan.idleSeconds * 0.5));
  const now = toRates(used);
  await order(load, { kind: 'hangUp', crowd: 'rover' });
  await rest(goodbye);
  // The near node does the same but for this, and its code has run as often.
  return {
    node: Math.max(0, now.far - now.near) / rooms.length,
    postgres: (now.postgres - idle.postgres) / rooms.length,
  };
}

/**
 * The same traffic in one room and in rooms of many shards, unheard and heard on the far node. Every tick's events of a
 * shard are one broker message, so what a message costs shows between the two.
 */
async function measureSends({ cluster, load, plan, house }: Bench, idle: Rates) {
  const rooms = listLoudRooms(house.loudRooms);
  const [one = ''] = rooms;
  const people = Array.from({ length: plan.senders }, () => 'talker');
  await order(load, { kind: 'connect', crowd: 'talker', port: cluster.ports.near, people });
  // Only now, so that their node does not know them for members and tells them nothing of what is unread.
  cluster.sql(letIn('talker', rooms) + letIn('hearer', rooms));
  const run = async (places: string[], rounds = plan.rounds): Promise<Sends> => {
    const [before, from] = [await cluster.countMessages(), performance.now()];
    const done: Sends['rounds'] = [];
    for (let i = 0; i < rounds; i += 1) {
      const { used, result } = await cluster.measure(() =>
        order(load, { kind: 'send', crowd: 'talker', rooms: places, milliseconds: plan.milliseconds }),
      );
      done.push({ used: without(used, idle), count: result.count });
    }
    const [after, seconds] = [await cluster.countMessages(), (performance.now() - from) / 1_000];
    const count = done.reduce((sum, round) => sum + round.count, 0);
    // Two pings a second of each node, and its beat every other second, which the other hears too.
    const messages = {
      published: after.published - before.published - 5 * seconds,
      delivered: after.delivered - before.delivered - 6 * seconds,
    };
    return { rounds: done, messages, count };
  };
  const stored = await measureStored(cluster, async () => {
    const warmUp = await run(rooms, 1);
    const [narrow, wide] = [await run([one]), await run(rooms)];
    await order(load, { kind: 'connect', crowd: 'hearer', port: cluster.ports.far, people: ['hearer'] });
    await order(load, { kind: 'join', crowd: 'hearer', rooms });
    await rest(welcome);
    const [heardNarrow, heardWide] = [await run([one]), await run(rooms)];
    let count = [warmUp, narrow, wide, heardNarrow, heardWide].reduce((sum, sends) => sum + sends.count, 0);
    while (count < plan.messages)
      count += (await order(load, { kind: 'send', crowd: 'talker', rooms, milliseconds: plan.milliseconds })).count;
    return { narrow, wide, heardNarrow, heardWide, count };
  });
  const { narrow, wide, heardNarrow, heardWide } = stored.result;
  await order(load, { kind: 'hangUp', crowd: 'hearer' });
  const marks = await measureReads({ cluster, load, plan }, one, idle);
  await order(load, { kind: 'hangUp', crowd: 'talker' });

  const published = (sends: Sends) => sends.messages.published / sends.count;
  const delivered = (sends: Sends) => sends.messages.delivered / sends.count;
  const near = split([narrow, wide, heardNarrow, heardWide], published, 'near');
  const far = split([heardNarrow, heardWide], delivered, 'far');
  const unheard = perSend(wide, 'broker') / published(wide);
  return {
    send: { node: near.each, postgres: perSend(wide, 'postgres'), postgresOneRoom: perSend(narrow, 'postgres') },
    publish: { node: near.message, broker: unheard, eventsAMessage: 1 / published(wide) },
    receive: {
      node: far.message,
      broker: Math.max(0, (perSend(heardWide, 'broker') - unheard * published(heardWide)) / delivered(heardWide)),
    },
    eventAndDelivery: far.each,
    stored: { bytes: stored.bytes, log: stored.log },
    marks,
  };
}

async function measureStored<Result extends { count: number }>(cluster: BenchCluster, work: () => Promise<Result>) {
  const look = () => {
    cluster.sql('CHECKPOINT');
    const [bytes = 0, log = 0] = cluster
      .sql(`SELECT pg_total_relation_size('events'), pg_current_wal_lsn() - '0/0'`)
      .split('|')
      .map(Number);
    return { bytes, log };
  };
  const before = look();
  const result = await work();
  const after = look();
  const each = (what: 'bytes' | 'log') => (after[what] - before[what]) / result.count;
  return { result, bytes: each('bytes'), log: each('log') };
}

async function measureReads(
  { cluster, load, plan }: Pick<Bench, 'cluster' | 'load' | 'plan'>,
  room: string,
  idle: Rates,
) {
  const { used, result } = await cluster.measure(() =>
    order(load, { kind: 'read', crowd: 'talker', room, aSecond: readsASecond, milliseconds: 2 * plan.milliseconds }),
  );
  const spent = without(used, idle);
  return {
    node: spent.near / result.count,
    postgres: spent.postgres / result.count,
    broker: spent.broker / result.count,
    receiver: spent.far / result.count,
  };
}

/** From the same room with many and with few readers: what is left is theirs alone. */
async function measureDeliveries({ cluster, load, plan }: Bench): Promise<Costs['delivery']> {
  const people = Array.from({ length: plan.crowd }, (_, i) => `listener-${i}`);
  const few = people.slice(0, plan.few);
  const { near: port } = cluster.ports;
  const enter = (crowd: string, room: string, who: string[]) =>
    order(load, { kind: 'connect', crowd, port, people: who, rooms: who.map(() => room) });
  await enter('hall', 'hall', people);
  await enter('corner', 'corner', few);
  const talk = async (crowd: string, inFlight: number) => {
    const { used, result } = await cluster.measure(() =>
      order(load, { kind: 'talk', crowd, room: crowd, inFlight, milliseconds: plan.milliseconds }),
    );
    return used.near / result.count;
  };
  const compare = async (inFlight: number) => {
    const found: number[] = [];
    for (let i = 0; i < plan.rounds; i += 1) {
      const [many, some] = [await talk('hall', inFlight), await talk('corner', inFlight)];
      found.push((many - some) / (plan.crowd - plan.few));
    }
    return median(found);
  };
  const [alone, together] = [await compare(1), await compare(Math.min(16, plan.few))];
  await order(load, { kind: 'hangUp', crowd: 'hall' });
  await order(load, { kind: 'hangUp', crowd: 'corner' });
  return { alone, together };
}

/** Against the same node before it had any, for its memory, and against the far node that has none, for its time. */
async function measureSockets({ cluster, load, plan }: Bench, idle: Rates) {
  const connect = async (from: number) => {
    const numbers = Array.from({ length: plan.sockets }, (_, i) => from + i);
    const people = numbers.map((i) => `person-${i}`);
    const rooms = numbers.map((i) => `home-${Math.floor(i / peopleARoom)}`);
    const { near: port } = cluster.ports;
    const { used } = await cluster.measure(() =>
      order(load, { kind: 'connect', crowd: 'people', port, people, rooms }),
    );
    const spent = without(used, idle);
    // What follows an arrival, such as telling the others who came, is over by then.
    await rest(Math.min(2, plan.idleSeconds / 4));
    return spent;
  };
  const before = await cluster.memory();
  await connect(0);
  const spent = await connect(plan.sockets);
  const { used } = await cluster.measure(() => rest(plan.idleSeconds));
  const quiet = toRates(used);
  const after = await cluster.memory();
  const each = (value: number) => value / plan.sockets;
  return {
    connect: { node: each(spent.near), postgres: each(spent.postgres) },
    socket: {
      bytes: each(after.held - before.held) / 2,
      cpuAMinute: (each(quiet.near - quiet.far) / 2) * 60,
    },
  };
}

/** In rooms that nobody looks at: each that has news is asked for once, for all of its members who are connected. */
async function measureNotices(
  { cluster, load, plan, house }: Bench,
  send: Costs['send'],
): Promise<Pick<Costs, 'notice'>> {
  const [wide, narrow] = [list('wide', house.wideRooms), list('narrow', house.narrowRooms)];
  await order(load, { kind: 'connect', crowd: 'talker', port: cluster.ports.near, people: ['talker'] });
  cluster.sql(letIn('talker', [...wide, ...narrow]));
  const { used: quiet } = await cluster.measure(() => rest(2));
  const say = async (rooms: string[]) => {
    const { used, result } = await cluster.measure(() =>
      order(load, { kind: 'say', crowd: 'talker', rooms, every: noticeEvery, milliseconds: 2 * plan.milliseconds }),
    );
    const spent = without(used, toRates(quiet));
    return {
      node: spent.near / result.count - send.node,
      postgres: spent.postgres / result.count - send.postgres,
    };
  };
  await say(narrow);
  const [many, few] = [await say(wide), await say(narrow)];
  const person = (who: 'node' | 'postgres') => (many[who] - few[who]) / (peopleARoom - narrowMembers);
  const people = { node: person('node'), postgres: person('postgres') };
  return {
    notice: {
      personNode: people.node,
      personPostgres: people.postgres,
      roomNode: Math.max(0, few.node - narrowMembers * people.node),
      roomPostgres: Math.max(0, few.postgres - narrowMembers * people.postgres),
    },
  };
}

function list(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${name}-${i}`);
}

function perSend(sends: Sends, who: keyof Rates): number {
  return median(sends.rounds.map(({ used, count }) => used[who] / count));
}

/** Two kinds of runs with few and many messages a send: what a message costs, and what each send does besides. */
function split(runs: Sends[], messages: (sends: Sends) => number, who: 'near' | 'far') {
  const few = runs.filter((_, i) => i % 2 === 0);
  const many = runs.filter((_, i) => i % 2 === 1);
  const mean = (of: Sends[], value: (sends: Sends) => number) => of.reduce((sum, x) => sum + value(x), 0) / of.length;
  const [x1, x2] = [mean(few, messages), mean(many, messages)];
  const [y1, y2] = [mean(few, (x) => perSend(x, who)), mean(many, (x) => perSend(x, who))];
  const message = Math.max(0, (y2 - y1) / (x2 - x1));
  return { message, each: Math.max(0, y1 - message * x1) };
}
