import { limits } from '@parlour/protocol/limits';
import { formatLoadShare, noteLoadLimit } from './report/load-share.ts';
import type { Result } from './report/result.ts';
import { divide, formatSpread } from './rounds.ts';
import { median, percentile } from './statistics.ts';

export type SlowPhase = 'all read' | 'some do not';
export type SlowRound = {
  /** Until the last of the others had a message, in milliseconds. */
  latencies: number[];
  /** Those whom the server closed. */
  closed: number;
  /** Bytes by which the process was larger at its peak than before. */
  growth: number;
  /** How much of the time the load generator was busy: near 1, it and not the server sets the pace. */
  loadShare: number;
};
export type SlowFigures = { readers: number; slow: number; rounds: Record<SlowPhase, SlowRound[]> };

const mebibyte = 1_024 ** 2;
const latencyTarget = 1.1;
/** What the process may take beyond what is kept for readers: garbage that is not collected yet. */
const slack = 32;

export function reportSlow({ readers, slow, rounds }: SlowFigures): Result {
  const share = (phase: SlowPhase, at: number) => rounds[phase].map(({ latencies }) => percentile(latencies, at));
  const ratios = (at: number) => divide(share('some do not', at), share('all read', at));
  const load = (phase: SlowPhase) => median(rounds[phase].map(({ loadShare }) => loadShare));
  const row = (phase: SlowPhase, title: string) => [
    title,
    formatSpread(share(phase, 0.5), (value) => `${value.toFixed(1)} ms`),
    formatSpread(share(phase, 0.99), (value) => `${value.toFixed(1)} ms`),
    `${median(rounds[phase].map(({ closed }) => closed))} of ${slow}`,
    formatSpread(
      rounds[phase].map(({ growth }) => growth / mebibyte),
      (value) => `${value.toFixed(0)} MiB`,
    ),
    formatLoadShare(load(phase)),
  ];
  const extra = rounds['some do not'].map(({ growth }, i) => growth - (rounds['all read'][i]?.growth ?? 0));
  const bound = 'at most';
  return {
    title: 'Slow readers: some of a room stop reading',
    about: [
      `One room of ${readers.toLocaleString('en')} sockets, messages of 4,000 characters, 16 in flight; ${slow} sockets join and never read again. The others’ time from sending until the last of them has a message, beside the same room in which the ${slow} read too.`,
    ],
    rounds: rounds['all read'].length,
    tables: [
      {
        rows: [
          ['', 'to the last p50', 'p99', 'closed by the server', 'memory at the peak', 'load generator'],
          row('all read', 'all read'),
          row('some do not', `${slow} do not`),
        ],
        notes: [
          'Memory at the peak: what the process had more than before the messages.',
          ...noteOpen(slow, rounds['some do not']),
          ...noteLoadLimit([load('all read'), load('some do not')]),
        ],
      },
    ],
    verdicts: [
      {
        what: 'latency p50 of the others, of that when all read',
        bound,
        target: latencyTarget,
        measured: median(ratios(0.5)),
        rounds: ratios(0.5),
      },
      {
        what: 'latency p99 of the others, of that when all read',
        bound,
        target: latencyTarget,
        measured: median(ratios(0.99)),
        rounds: ratios(0.99),
      },
      {
        what: 'memory at the peak more than when all read, the worst round',
        bound,
        target: (slow * limits.outboxBytes) / mebibyte + slack,
        measured: Math.max(...extra) / mebibyte,
        unit: 'MiB',
      },
    ],
    faults: findClosed(rounds['all read']),
  };
}

/** Rounds in which so little was said that what waits for those who do not read stayed below the limit. */
function noteOpen(slow: number, rounds: readonly SlowRound[]): string[] {
  const open = rounds.filter(({ closed }) => closed < slow).length;
  if (open === 0) return [];
  return [
    `In ${open} of ${rounds.length} rounds too little was said for all ${slow} to be closed: those rounds prove little.`,
  ];
}

function findClosed(rounds: readonly SlowRound[]): string[] {
  const closed = rounds.reduce((sum, round) => sum + round.closed, 0);
  return closed === 0 ? [] : [`${closed} sockets were closed although they read.`];
}
