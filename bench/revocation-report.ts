import type { RevocationResult, Way } from './load/revocations.ts';
import { formatLoadShare } from './report/load-share.ts';
import type { Result } from './report/result.ts';
import { percentile } from './statistics.ts';

export type RevocationFigures = Omit<RevocationResult, 'busyMicroseconds'> & {
  sessions: number;
  sockets: number;
  rooms: number;
  seconds: number;
  loopDelay: number;
  /** How much of one processor the server used, above 1 for several threads; how much of the time the load generator was busy. */
  serverShare: number;
  loadShare: number;
};

const titles: Record<Way, string> = { row: 'the row is deleted by SQL', 'sign-out': 'sign-out by HTTP' };
/** Milliseconds. */
const target = 250;

export function reportRevocation(figures: RevocationFigures): Result {
  const { sessions, sockets, rooms, seconds, messages, ends, latencies, faults } = figures;
  const all = ends.map(({ milliseconds }) => milliseconds);
  const rows = (Object.keys(titles) as Way[]).map((way) =>
    formatRow(
      titles[way],
      ends.filter((end) => end.way === way).map(({ milliseconds }) => milliseconds),
    ),
  );
  const isRight = faults.length === 0;
  return {
    title: 'Revocation: how soon the sockets of an ended session are gone',
    about: [
      `${sockets.toLocaleString('en')} sockets of ${sessions} sessions in ${rooms} rooms, ${Math.round(messages / seconds)} messages a second.`,
    ],
    tables: [
      {
        rows: [
          ['from the commit to the last socket gone', 'sessions', 'p50', 'p99', 'longest'],
          ...rows,
          formatRow('both', all),
        ],
      },
      {
        rows: [
          ['from a sender to a reader', 'deliveries noted', 'p50', 'p99', 'longest'],
          formatRow('before', latencies.before),
          formatRow('while sessions end', latencies.during),
        ],
        notes: [
          `Server ${percent(figures.serverShare)} of a core, loop delay p99 ${figures.loopDelay.toFixed(1)} ms; load generator ${formatLoadShare(figures.loadShare)}.`,
          ...(isRight
            ? ['Nothing was delivered after a close, and no other socket was closed or missed an event.']
            : []),
        ],
      },
    ],
    verdicts: [
      {
        what: 'commit to the last socket gone, p99',
        bound: 'at most',
        target,
        measured: Math.round(percentile(all, 0.99)),
        unit: 'ms',
      },
    ],
    faults,
  };
}

function formatRow(title: string, values: number[]): string[] {
  const shown = [0.5, 0.99, 1].map((share) => `${Math.round(percentile(values, share))} ms`);
  return [title, values.length.toLocaleString('en'), ...shown];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
