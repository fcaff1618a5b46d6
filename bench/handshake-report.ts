import { compareRounds, judgeRatios } from './ratio.ts';
import { formatLoadShare, noteLoadLimit } from './report/load-share.ts';
import type { Result, Table } from './report/result.ts';
import type { Verdict } from './report/verdict.ts';
import { findVersions } from './report/versions.ts';
import { formatSpread } from './rounds.ts';
import { median, percentile } from './statistics.ts';

export type WayIn = 'memory' | 'stored' | 'parlour';
export type HandshakeRound = {
  /** Microseconds of the server's processor time, over all its threads. */
  cpuAHandshake: number;
  handshakesASecond: number;
  latencies: number[];
  loopDelay: number;
  /** How much of the time the load generator was busy: near 1, it and not the server sets the pace. */
  loadShare: number;
};
export type ModeFigures = { inFlight: number; rounds: Record<WayIn, HandshakeRound[]> };
export type HandshakeFigures = { handshakes: number; modes: ModeFigures[] };

const titles: Record<WayIn, string> = {
  memory: 'Express and Socket.IO, tickets in memory',
  stored: 'Express and Socket.IO, tickets stored',
  parlour: 'Parlour',
};
const target = 1;

export function reportHandshake({ handshakes, modes }: HandshakeFigures): Result {
  return {
    title: 'Handshake: from a login to a live socket',
    about: [
      `${handshakes} a round, each a ticket by HTTP, the upgrade and the check of a token. Medians of interleaved rounds, with the lowest and highest; “of stored” is taken within each round.`,
    ],
    ...(modes[0] && { rounds: modes[0].rounds.parlour.length }),
    tables: modes.map(tabulate),
    verdicts: modes.flatMap((mode) => [judge(mode, 'stored'), judge(mode, 'memory')]),
    versions: findVersions('express', 'socket.io'),
  };
}

function tabulate({ inFlight, rounds }: ModeFigures): Table {
  const head = ['server CPU', 'of stored', 'p50', 'p99', 'handshakes/s', 'loop delay p99', 'load generator'];
  const rows = (Object.keys(titles) as WayIn[]).map((name) => [titles[name], ...formatRow(name, rounds)]);
  const shares = Object.values(rounds).map((all) => median(all.map(({ loadShare }) => loadShare)));
  return { title: `${inFlight} in flight`, rows: [['', ...head], ...rows], notes: noteLoadLimit(shares) };
}

function judge({ inFlight, rounds }: ModeFigures, reference: 'stored' | 'memory'): Verdict {
  const what = reference === 'stored' ? 'stored tickets' : 'tickets in memory, as Parlour has them';
  const ratios = compare('parlour', rounds, reference);
  return judgeRatios(`${inFlight} in flight, CPU of Express and Socket.IO with ${what}`, ratios, target);
}

function formatRow(name: WayIn, all: Record<WayIn, HandshakeRound[]>): string[] {
  const rounds = all[name];
  const middle = (value: (round: HandshakeRound) => number) => median(rounds.map(value));
  const latencies = rounds.flatMap((round) => round.latencies);
  const ratios = compare(name, all);
  return [
    `${formatSpread(
      rounds.map((round) => round.cpuAHandshake),
      (value) => value.toFixed(0),
    )} µs`,
    formatSpread(ratios),
    `${percentile(latencies, 0.5).toFixed(1)} ms`,
    `${percentile(latencies, 0.99).toFixed(1)} ms`,
    Math.round(middle((round) => round.handshakesASecond)).toLocaleString('en'),
    `${middle((round) => round.loopDelay).toFixed(1)} ms`,
    formatLoadShare(middle((round) => round.loadShare)),
  ];
}

function compare(name: WayIn, all: Record<WayIn, HandshakeRound[]>, reference: WayIn = 'stored'): number[] {
  return compareRounds(all[name], all[reference], ({ cpuAHandshake }) => cpuAHandshake);
}
