import type { Result } from './report/result.ts';
import { findVersions } from './report/versions.ts';
import type { ServerName } from './restartable-server.ts';
import { divide, formatSpread } from './rounds.ts';
import { median } from './statistics.ts';

/** Bytes of the process before and after it had the sockets. */
export type MemoryRound = { before: number; after: number };
export type MemoryFigures = { sockets: number; rounds: Record<ServerName, MemoryRound[]> };

const titles: Record<ServerName, string> = { 'socket-io': 'Express and Socket.IO', parlour: 'Parlour' };
const targets = { ratio: 0.35, kibibytes: 12 };

export function reportMemory({ sockets, rounds }: MemoryFigures): Result {
  const names = Object.keys(titles) as ServerName[];
  const each = (name: ServerName) => rounds[name].map(({ before, after }) => (after - before) / sockets / 1_024);
  const ratiosOf = (name: ServerName) => divide(each(name), each('socket-io'));
  const mebibytes = (values: readonly number[]) => `${Math.round(median(values) / 1_024 ** 2)} MiB`;
  return {
    title: 'Memory: idle sockets',
    about: [
      `${sockets.toLocaleString('en')} sockets, each of a login of its own, in rooms of 100. Resident memory of the whole process after a garbage collection, less what it had before they came.`,
    ],
    rounds: rounds.parlour.length,
    tables: [
      {
        rows: [
          ['', 'a socket, KiB', 'of Socket.IO', 'process before', 'with them'],
          ...names.map((name) => [
            titles[name],
            formatSpread(each(name)),
            formatSpread(ratiosOf(name)),
            mebibytes(rounds[name].map(({ before }) => before)),
            mebibytes(rounds[name].map(({ after }) => after)),
          ]),
        ],
      },
    ],
    verdicts: [
      {
        what: 'memory of a socket, of Socket.IO’s',
        bound: 'at most',
        target: targets.ratio,
        measured: median(ratiosOf('parlour')),
        rounds: ratiosOf('parlour'),
      },
      {
        what: 'memory of a socket',
        bound: 'at most',
        target: targets.kibibytes,
        measured: median(each('parlour')),
        rounds: each('parlour'),
        unit: 'KiB',
      },
    ],
    versions: findVersions('express', 'socket.io'),
  };
}
