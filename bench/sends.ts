import type { Benchmark, Say } from './benchmark.ts';
import { findInstalled, withContenders } from './gather-contenders.ts';
import { measureInTurns } from './measure-in-turns.ts';
import type { PeerName } from './peers/peer-name.ts';
import { describeNumbers, readNumbers } from './read-numbers.ts';
import { reportSends, type SendsFigures } from './sends-report.ts';

/** Those that acknowledge. */
const contestants: readonly PeerName[] = ['socket-io', 'parlour'];
const sizes = [10, 100, 300];
const warmUps = 3;
const defaults = { rounds: 9, seconds: 1 };

export type SendsOptions = { rounds: number; milliseconds: number };

export function readSendsOptions(args: readonly string[]): SendsOptions {
  const { rounds, seconds } = readNumbers(args, defaults);
  return { rounds, milliseconds: seconds * 1_000 };
}

/** Everybody alone in a room of their own, and as fast as they are answered: what it costs to take a message. */
export async function runSends(
  { rounds, milliseconds }: SendsOptions,
  say: Say,
  senders: readonly number[] = sizes,
): Promise<SendsFigures> {
  const { present, absent } = findInstalled(contestants);
  const rooms = Math.max(...senders);
  const size = { sockets: rooms, people: rooms, rooms, roomsEach: 1 };
  const wanted = present.map((name) => ({ name, size }));
  const results = await withContenders(wanted, say, (contenders) => {
    const stages = senders.map((count) => ({
      contenders,
      order: { kind: 'send', senders: count, milliseconds } as const,
    }));
    return measureInTurns(stages, { rounds, warmUps }, say);
  });
  return { absent, sizes: senders.map((count, i) => ({ senders: count, rounds: results[i] ?? {} })) };
}

export const sends: Benchmark = {
  usage: describeNumbers(defaults),
  about: 'what an acknowledged, durable send costs, beside Socket.IO’s, which is not durable',
  minutes: 4,
  run: async (args, say) => reportSends(await runSends(readSendsOptions(args), say)),
  check: ['--rounds', '5', '--seconds', '0.5'],
};
