// The load generator: a process with every socket of a large house, some of which lose their login while people talk.
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { byHand } from '../../packages/server/test/by-hand.ts';
import { readBusyTime } from './busy-time.ts';
import { fillHouse, type HouseSize, type Login } from './large-house.ts';
import { Watcher } from './watcher.ts';

export type Way = 'row' | 'sign-out';
export type RevocationOrder = { messagesASecond: number; milliseconds: number; revocations: number };
export type RevocationResult = {
  /** Milliseconds from the commit until the last of the session's sockets was gone. */
  ends: { way: Way; milliseconds: number }[];
  /** Milliseconds from the sender to each reader, before the first revocation and from then on. */
  latencies: { before: number[]; during: number[] };
  /** What must not have been, at most ten of each kind of it. */
  faults: string[];
  messages: number;
  busyMicroseconds: number;
};
export type RevocationSetting = HouseSize & { port: number; folder: string; socketsEach: number };

const connectingAtOnce = 50;
/** Messages are sent in as many portions a second. */
const portions = 50;
/** The longest that the last revocation may take, before it counts as never. */
const patience = 5_000;
/** Of so many deliveries one is noted. */
const sampling = 10;

const setting = JSON.parse(process.argv[2] ?? '') as RevocationSetting;
const { port, folder } = setting;
const logins = await fillHouse(port, folder, setting);
const bySession = new Map<string, Watcher[]>();
const live = new Set<Watcher>();
const revoked = new Map<string, Way>();
const committed = new Map<string, number>();
const latencies = { before: [] as number[], during: [] as number[] };
const faults: string[] = [];
let deliveries = 0;
let messages = 0;

const addFault = (what: string) => void (faults.length < 10 && faults.push(what));
const hooks = {
  onEvent: (latency: number) => {
    deliveries += 1;
    if (deliveries % sampling === 0) (revoked.size === 0 ? latencies.before : latencies.during).push(latency);
  },
  onFault: addFault,
  onGone: (watcher: Watcher) => {
    live.delete(watcher);
    if (!revoked.has(watcher.login.session)) addFault(`somebody else’s socket was closed with ${watcher.code}`);
    else if (watcher.code !== 4403 && watcher.code !== undefined) addFault(`a socket was closed with ${watcher.code}`);
  },
};

async function connect(login: Login): Promise<void> {
  const answer = await fetch(`http://localhost:${port}/api/auth/token`, { headers: { cookie: login.cookie } });
  const { token } = (await answer.json()) as { token: string };
  const watchers = Array.from({ length: setting.socketsEach }, () => new Watcher(login, hooks));
  for (const watcher of watchers) await watcher.open(port, token);
  bySession.set(login.session, watchers);
  for (const watcher of watchers) live.add(watcher);
}

const waiting = [...logins];
const connectSome = async () => {
  for (let login = waiting.pop(); login !== undefined; login = waiting.pop()) await connect(login);
};
await Promise.all(Array.from({ length: connectingAtOnce }, connectSome));

const rowEnder = new Worker(new URL('./delete-rows.ts', import.meta.url), { workerData: folder });
rowEnder.on('message', ({ session, at }: { session: string; at: number }) => committed.set(session, at));

async function revoke({ session, cookie }: Login, way: Way): Promise<void> {
  revoked.set(session, way);
  if (way === 'row') return rowEnder.postMessage(session);
  const answer = await fetch(`http://localhost:${port}/api/auth/sign-out`, { method: 'POST', headers: { cookie } });
  if (answer.status !== 200) addFault(`a sign-out was answered with ${answer.status}`);
}

async function talk({ messagesASecond, milliseconds }: RevocationOrder): Promise<void> {
  const began = performance.now();
  const speakers = [...live];
  for (let elapsed = 0; elapsed < milliseconds; elapsed = performance.now() - began) {
    for (; messages < (elapsed * messagesASecond) / 1_000; messages += 1) {
      const speaker = speakers[Math.floor(Math.random() * speakers.length)];
      if (speaker !== undefined && !revoked.has(speaker.login.session)) speaker.say();
    }
    await setTimeout(1_000 / portions);
  }
}

/** The first quarter of the time is for comparison; then one session ends after another, by turns in both ways. */
async function revokeAtRandom({ revocations, milliseconds }: RevocationOrder): Promise<void> {
  const chosen = [...logins].sort(() => Math.random() - 0.5).slice(0, revocations);
  await setTimeout(milliseconds / 4);
  for (const [i, login] of chosen.entries()) {
    await Promise.all([revoke(login, i % 2 === 0 ? 'row' : 'sign-out'), setTimeout(milliseconds / 2 / revocations)]);
  }
}

const isOver = () =>
  [...revoked.keys()].every((session) => sockets(session).every(({ goneAt }) => goneAt !== undefined));
const sockets = (session: string) => bySession.get(session) ?? [];

async function measure(order: RevocationOrder): Promise<RevocationResult> {
  const before = readBusyTime();
  await Promise.all([talk(order), revokeAtRandom(order)]);
  for (const began = performance.now(); !isOver() && performance.now() - began < patience; ) await setTimeout(10);
  const busyMicroseconds = readBusyTime() - before;
  readCommits();
  const ends = [...revoked].map(([session, way]) => {
    const last = Math.max(...sockets(session).map(({ goneAt }) => goneAt ?? Number.POSITIVE_INFINITY));
    return { way, milliseconds: last - (committed.get(session) ?? Number.NaN) };
  });
  return { ends, latencies, faults, messages, busyMicroseconds };
}

// When a sign-out was committed nobody but the server sees: the log's own time, which is just before it.
function readCommits(): void {
  const rows = byHand({ folder }, (db) => db.prepare("SELECT grantId, at FROM revocations WHERE kind = 'grant'").all());
  for (const { grantId, at } of rows) {
    if (!committed.has(String(grantId))) committed.set(String(grantId), Number(at));
  }
}

process.on('disconnect', () => process.exit(0));
process.on('message', (order: RevocationOrder) => {
  void measure(order).then((result) => process.send?.(result));
});
process.send?.({ connected: live.size });
