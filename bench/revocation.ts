import type { Benchmark } from './benchmark.ts';
import { Child } from './child.ts';
import type { RevocationOrder, RevocationResult, RevocationSetting } from './load/revocations.ts';
import { startNodePeer } from './peers/node-peer.ts';
import { cpuOf } from './process-usage.ts';
import { describeNumbers, readNumbers } from './read-numbers.ts';
import { type RevocationFigures, reportRevocation } from './revocation-report.ts';
import { UsageError } from './usage-error.ts';

const socketsEach = 4;
const sessionsEach = 2;
const roomsEach = 2;
/** People in a room, each with eight sockets there. */
const peopleARoom = 5;

export type RevocationOptions = { sessions: number; messages: number; seconds: number; revocations: number };

const defaults = { sessions: 500, messages: 500, seconds: 30, revocations: 200 };

export function readRevocationOptions(args: readonly string[]): RevocationOptions {
  const options = readNumbers(args, defaults);
  const { sessions, revocations } = options;
  if (!Number.isInteger(sessions / sessionsEach) || sessions < 2 * sessionsEach)
    throw new UsageError('--sessions takes an even number from 4 on.');
  if (revocations < 2 || revocations >= sessions)
    throw new UsageError('--revocations takes at least 2, and fewer than there are sessions.');
  return options;
}

/** Sessions end at random while everybody talks: how long until the last of their sockets is gone? */
export async function runRevocation(
  { sessions, messages, seconds, revocations }: RevocationOptions,
  say: (line: string) => void,
): Promise<RevocationFigures> {
  const people = sessions / sessionsEach;
  const rooms = Math.max(roomsEach, Math.round((people * roomsEach) / peopleARoom));
  const server = await startNodePeer('parlour');
  let load: Child | undefined;
  try {
    const { port, folder, pid } = server;
    const setting: RevocationSetting = { port, folder, people, sessionsEach, rooms, roomsEach, socketsEach };
    say(`connecting ${sessions * socketsEach} sockets of ${sessions} sessions …`);
    load = new Child(new URL('./load/revocations.ts', import.meta.url), [JSON.stringify(setting)]);
    await load.next();
    say(`ending ${revocations} sessions in ${seconds} s …`);
    await server.loopDelay();
    const before = cpuOf(pid);
    const order: RevocationOrder = { messagesASecond: messages, milliseconds: seconds * 1_000, revocations };
    const result = await load.ask<RevocationResult>(order);
    const cpu = cpuOf(pid) - before;
    const share = (microseconds: number) => microseconds / 1e6 / seconds;
    return {
      sessions,
      sockets: sessions * socketsEach,
      rooms,
      seconds,
      ...result,
      loopDelay: (await server.loopDelay()) ?? Number.NaN,
      serverShare: share(cpu),
      loadShare: share(result.busyMicroseconds),
    };
  } finally {
    await load?.stop();
    await server.stop();
  }
}

export const revocation: Benchmark = {
  usage: describeNumbers(defaults),
  about: 'how soon the sockets of an ended session are gone, among thousands of others',
  minutes: 4,
  run: async (args, say) => reportRevocation(await runRevocation(readRevocationOptions(args), say)),
};
