// The load generator: a process with thousands of clients that come back by themselves when their server is gone.
import { newMessageId } from '@parlour/protocol/ids';
import { readBusyTime } from './busy-time.ts';
import { type CrowdSetting, gatherCrowd, mapSome } from './passes.ts';
import { isEvent, ReturningClient } from './returning-client.ts';
import { Talk } from './talk.ts';

export type ReturningOrder =
  | { kind: 'enter' }
  /** The server is about to go, and everybody will miss so many events. */
  | { kind: 'expect-loss'; missed: number }
  /** Answers once all are back and have what they missed. */
  | { kind: 'await-return' }
  /** In the first room, one message after another, each once all there have the last. */
  | { kind: 'talk'; milliseconds: number };

/** The rooms in which everybody is. */
export type Armed = { rooms: string[] };
export type Returned = { milliseconds: number; attempts: number; busyMicroseconds: number };
export type Talked = { deliveries: number };

process.on('disconnect', () => process.exit(0));
const crowd = await gatherCrowd(JSON.parse(process.argv[2] ?? '') as CrowdSetting);
let absent = 0;
let allBack = Promise.withResolvers<void>();
let [lostAt, busyBefore] = [0, 0];
const hooks = {
  random: spread(1),
  onBack: () => {
    absent -= 1;
    if (absent === 0) allBack.resolve();
  },
};
const clients = crowd.passes.map((_, number) => new ReturningClient(crowd, number, hooks));

async function enterAll(): Promise<object> {
  await mapSome(clients, (client) => client.enter());
  return {};
}

function expectLoss(missed: number): Armed {
  absent = clients.length;
  allBack = Promise.withResolvers();
  [lostAt, busyBefore] = [performance.now(), readBusyTime()];
  for (const client of clients) {
    client.attempts = 0;
    client.expectLoss(missed);
  }
  return { rooms: [...new Set(crowd.passes.map(({ room }) => room))] };
}

async function awaitReturn(): Promise<Returned> {
  await allBack.promise;
  const busyMicroseconds = readBusyTime() - busyBefore;
  const attempts = clients.reduce((sum, client) => sum + client.attempts, 0);
  return { milliseconds: performance.now() - lostAt, attempts, busyMicroseconds };
}

async function talk(milliseconds: number): Promise<Talked> {
  const room = crowd.passes[0]?.room ?? '';
  const present = clients.filter((_, number) => crowd.passes[number]?.room === room);
  const encode = (body: string) => JSON.stringify({ type: 'send', id: newMessageId(), room, body });
  const members = present.map(({ member }) => member);
  const { messages, deliveries } = await new Talk(members, { encode, isMessage: isEvent }).run({
    inFlight: 1,
    milliseconds,
  });
  for (const client of present) client.skip(messages);
  return { deliveries };
}

/** Numbers from 0 to 1 that are the same for every server and run (mulberry32). */
function spread(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function obey(order: ReturningOrder): Promise<object> {
  if (order.kind === 'enter') return await enterAll();
  if (order.kind === 'expect-loss') return expectLoss(order.missed);
  if (order.kind === 'await-return') return await awaitReturn();
  return await talk(order.milliseconds);
}

process.on('message', (order: ReturningOrder) => {
  void obey(order).then((result) => process.send?.(result));
});
process.send?.({ ready: true });
