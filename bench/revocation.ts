import { parseArgs } from 'node:util';
import type { Benchmark } from './benchmark.ts';
import { Child } from './child.ts';
import type { RevocationOrder, RevocationResult, RevocationSetting } from './load/revocations.ts';
import { startNodePeer } from './peers/node-peer.ts';
import { cpuOf } from './process-usage.ts';
import { type RevocationFigures, reportRevocation } from './revocation-report.ts';

const socketsEach = 4;
const sessionsEach = 2;
const roomsEach = 2;
/** People in a room, each with eight sockets there. */
const peopleARoom = 5;

export type RevocationOptions = { sessions: number; messages: number; seconds: number; revocations: number };

const usage = '[--sessions 500] [--messages 500] [--seconds 30] [--revocations 200]';

export function readRevocationOptions(args: readonly string[]): RevocationOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sessions: { type: 'string', default: '500' },
      messages: { type: 'string', default: '500' },
      seconds: { type: 'string', default: '30' },
      revocations: { type: 'string', default: '200' },
    },
  });
  const [sessions, messages] = [Number(values.sessions), Number(values.messages)];
  const [seconds, revocations] = [Number(values.seconds), Number(values.revocations)];
  const isWhole = (count: number) => Number.isInteger(count) && count >= 2;
  if (
    !(isWhole(sessions / sessionsEach) && messages > 0 && seconds > 0 && isWhole(revocations) && revocations < sessions)
  )
    throw new Error(`The revocation benchmark takes ${usage}: an even number of sessions, and fewer revocations.`);
  return { sessions, messages, seconds, revocations };
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
      loadShare: share(result.loadMicroseconds),
    };
  } finally {
    await load?.stop();
    await server.stop();
  }
}

export const revocation: Benchmark = {
  usage,
  about: 'how soon the sockets of an ended session are gone, among thousands of others',
  minutes: 4,
  run: async (args, say) => reportRevocation(await runRevocation(readRevocationOptions(args), say)),
};
