import type { Benchmark, Say } from './benchmark.ts';
import { type FanoutFigures, reportFanout } from './fanout-report.ts';
import { findInstalled, withContenders } from './gather-contenders.ts';
import { measureInTurns } from './measure-in-turns.ts';
import { type PeerName, peerNames } from './peers/peer-name.ts';
import { describeNumbers, readNumbers } from './read-numbers.ts';
import { UsageError } from './usage-error.ts';

const modes = [1, 16];
const warmUps = 2;
/** Sockets of one person, as with several tabs and devices. */
const socketsAPerson = 20;
const defaults = { members: 1_000, rounds: 7, seconds: 1 };

export type FanoutOptions = { members: number; rounds: number; milliseconds: number };

export function readFanoutOptions(args: readonly string[]): FanoutOptions {
  const { members, rounds, seconds } = readNumbers(args, defaults);
  if (members < Math.max(...modes)) throw new UsageError(`A room needs at least ${Math.max(...modes)} members.`);
  return { members, rounds, milliseconds: seconds * 1_000 };
}

export function fanoutSize(members: number) {
  return { sockets: members, people: Math.ceil(members / socketsAPerson), rooms: 1, roomsEach: 1 };
}

/** One room, one message to everybody in it, again and again: what a delivery costs beside other servers. */
export async function runFanout(
  { members, rounds, milliseconds }: FanoutOptions,
  say: Say,
  names: readonly PeerName[] = peerNames,
): Promise<FanoutFigures> {
  const { present, absent } = findInstalled(names);
  const size = fanoutSize(members);
  const wanted = present.map((name) => ({ name, size }));
  const results = await withContenders(wanted, say, (contenders) => {
    const stages = modes.map((inFlight) => ({
      contenders,
      order: { kind: 'talk', inFlight, milliseconds } as const,
    }));
    return measureInTurns(stages, { rounds, warmUps }, say);
  });
  const figures = modes.map((inFlight, i) => ({ inFlight, rounds: results[i] ?? {} }));
  return { members, absent, modes: figures };
}

export const fanout: Benchmark = {
  usage: describeNumbers(defaults),
  about: 'what a delivery costs in one large room, beside five other servers',
  minutes: 6,
  run: async (args, say) => reportFanout(await runFanout(readFanoutOptions(args), say)),
  check: ['--rounds', '5', '--seconds', '0.5'],
};
