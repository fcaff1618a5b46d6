import type { Round } from './contender.ts';
import type { Rounds } from './measure-in-turns.ts';
import { peers } from './peers/peer-catalog.ts';
import { type PeerName, peerNames } from './peers/peer-name.ts';
import { compareRounds, formatRatios } from './ratio.ts';
import { formatLoadShare, noteLoadLimit } from './report/load-share.ts';
import type { Plot, Table } from './report/result.ts';
import type { Verdict } from './report/verdict.ts';
import { median, percentile } from './statistics.ts';

/** What is counted: what a piece costs, and how many there are a second. */
export type Piece = {
  name: string;
  plural: string;
  cpu(round: Round): number;
  rate(round: Round): number;
  /** What a latency is of. */
  latency: string;
};

export const delivery: Piece = {
  name: 'delivery',
  plural: 'deliveries',
  cpu: (round) => round.cpuADelivery,
  rate: (round) => round.deliveriesASecond,
  latency: 'to the last',
};
export const message: Piece = {
  name: 'message',
  plural: 'messages',
  cpu: (round) => round.cpuAMessage,
  rate: (round) => round.messagesASecond,
  latency: 'to the last',
};
export const send: Piece = { ...message, name: 'send', plural: 'sends', latency: 'to the answer' };

export const namesIn = (rounds: Rounds) => peerNames.filter((name) => rounds[name] !== undefined);
export const p99 = (round: Round) => percentile(round.latencies, 0.99);

/** One row a server, Parlour's the last. */
export function tabulate(title: string, piece: Piece, rounds: Rounds): Table {
  const names = namesIn(rounds);
  const { name, plural, latency } = piece;
  const head = [
    '',
    `server CPU a ${name}`,
    'Parlour’s of it',
    `${latency} p50`,
    'p99',
    `${plural}/s`,
    'loop delay p99',
    'memory',
    'load generator',
  ];
  const shares = names.map((each) => median((rounds[each] ?? []).map(({ loadShare }) => loadShare)));
  const rows = names.map((each) => [peers[each].title, ...formatRow(piece, rounds[each] ?? [], rounds.parlour ?? [])]);
  return { title, rows: [head, ...rows], notes: noteLoadLimit(shares) };
}

function formatRow({ cpu, rate }: Piece, rounds: readonly Round[], parlour: readonly Round[]): string[] {
  const middle = (value: (round: Round) => number) => median(rounds.map(value));
  const latencies = rounds.flatMap((round) => round.latencies);
  const delays = rounds.flatMap(({ loopDelay }) => loopDelay ?? []);
  const costs = rounds.map(cpu);
  return [
    `${formatMicroseconds(median(costs))} (${formatMicroseconds(Math.min(...costs))}–${formatMicroseconds(Math.max(...costs))}) µs`,
    formatRatios(compareRounds(parlour, rounds, cpu)),
    `${percentile(latencies, 0.5).toFixed(1)} ms`,
    `${percentile(latencies, 0.99).toFixed(1)} ms`,
    Math.round(middle(rate)).toLocaleString('en'),
    delays.length === 0 ? '' : `${median(delays).toFixed(1)} ms`,
    `${Math.round(middle((round) => round.residentBytes) / 2 ** 20)} MiB`,
    formatLoadShare(middle((round) => round.loadShare)),
  ];
}

function formatMicroseconds(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0);
}

/** A target for Parlour's cost, or another value, beside a server’s in the same round. It stays where that was not measured. */
export function judge(
  what: string,
  rounds: Rounds,
  reference: PeerName,
  value: (round: Round) => number,
  target: number,
  bound: Verdict['bound'] = 'at most',
): Verdict {
  const { parlour, [reference]: other } = rounds;
  if (parlour === undefined || other === undefined) return { what, bound, target, measured: undefined };
  const ratios = compareRounds(parlour, other, value);
  return { what, bound, target, measured: median(ratios), rounds: ratios };
}

/** Milliseconds that Parlour's loop may keep others waiting. */
const loopDelayMaximum = 20;

export function judgeLoopDelay(what: string, { parlour = [] }: Rounds): Verdict {
  const delays = parlour.map(({ loopDelay }) => loopDelay ?? Number.NaN);
  const measured = median(delays);
  const target = loopDelayMaximum;
  return { what: `${what}, loop delay p99`, bound: 'at most', target, measured, rounds: delays, unit: 'ms' };
}

/** Every round of every server, so that the spread shows. */
export function plotRounds(name: string, title: string, { name: piece, cpu }: Piece, rounds: Rounds): Plot {
  return {
    name,
    title,
    x: { title: 'round', isCount: true },
    y: { title: `server CPU a ${piece} (µs)` },
    series: namesIn(rounds).map((each) => ({
      name: shortTitle(each),
      look: peerNames.indexOf(each),
      points: (rounds[each] ?? []).map((round, i) => ({ x: i + 1, y: cpu(round) })),
    })),
  };
}

export function shortTitle(name: PeerName): string {
  return peers[name].title.split(/[:,]/)[0] ?? name;
}

export function versionsOf(names: readonly PeerName[]): Record<string, string> {
  return Object.assign({}, ...names.map((name) => peers[name].version())) as Record<string, string>;
}
