import { cpus } from 'node:os';
import type { RevocationResult, Way } from './load/revocations.ts';
import { percentile } from './statistics.ts';
import { formatTable } from './table.ts';

export type RevocationFigures = Omit<RevocationResult, 'loadMicroseconds'> & {
  sessions: number;
  sockets: number;
  rooms: number;
  seconds: number;
  loopDelay: number;
  /** How much of one processor each used; above 1 for several threads. */
  serverShare: number;
  loadShare: number;
};

const titles: Record<Way, string> = { row: 'the row is deleted by SQL', 'sign-out': 'sign-out by HTTP' };
/** Milliseconds. */
const target = 250;

export function reportRevocation(figures: RevocationFigures): string {
  const { sessions, sockets, rooms, seconds, messages, ends, latencies, faults } = figures;
  const [processor] = cpus();
  const all = ends.map(({ milliseconds }) => milliseconds);
  const p99 = percentile(all, 0.99);
  const verdict = p99 <= target ? 'met' : 'MISSED';
  const rows = (Object.keys(titles) as Way[]).map((way) =>
    formatRow(
      titles[way],
      ends.filter((end) => end.way === way).map(({ milliseconds }) => milliseconds),
    ),
  );
  return [
    `Revocation: ${sockets.toLocaleString('en')} sockets of ${sessions} sessions in ${rooms} rooms, ${Math.round(messages / seconds)} messages a second; Node ${process.versions.node}, ${cpus().length} × ${processor?.model.trim()}`,
    '',
    formatTable([
      ['from the commit to the last socket gone', 'sessions', 'p50', 'p99', 'longest'],
      ...rows,
      formatRow('both', all),
    ]),
    '',
    formatTable([
      ['from a sender to a reader', 'deliveries noted', 'p50', 'p99', 'longest'],
      formatRow('before', latencies.before),
      formatRow('while sessions end', latencies.during),
    ]),
    '',
    `Server ${percent(figures.serverShare)} of a core, loop delay p99 ${figures.loopDelay.toFixed(1)} ms; load generator ${percent(figures.loadShare)}.`,
    faults.length === 0
      ? 'Nothing was delivered after a close, and no other socket was closed or missed an event.'
      : `FAULTS: ${faults.join('; ')}`,
    `Target: the 99th percentile at most ${target} ms: ${verdict}, with ${Math.round(p99)} ms.`,
  ].join('\n');
}

function formatRow(title: string, values: number[]): string[] {
  const shown = [0.5, 0.99, 1].map((share) => `${Math.round(percentile(values, share))} ms`);
  return [title, values.length.toLocaleString('en'), ...shown];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
