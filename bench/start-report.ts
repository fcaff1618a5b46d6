import type { Result } from './report/result.ts';
import { formatSpread } from './rounds.ts';
import { median } from './statistics.ts';

export type StartRound = {
  /** From the start of the process until it says that it is ready. */
  milliseconds: number;
  /** Microseconds of processor time until then, all threads. */
  cpu: number;
  /** Bytes, some seconds later. */
  memory: number;
};
export type StartFigures = { bytes: number; rounds: StartRound[] };

const mebibyte = 1_024 ** 2;

export function reportStart({ bytes, rounds }: StartFigures): Result {
  const seconds = rounds.map(({ milliseconds }) => milliseconds / 1_000);
  const processor = rounds.map(({ cpu }) => cpu / 1e6);
  const memory = rounds.map(({ memory: used }) => used / mebibyte);
  const show = (unit: string, digits: number) => (value: number) => `${value.toFixed(digits)} ${unit}`;
  return {
    title: 'Start: until the server is ready',
    about: [
      `What npm start runs once everything is installed and built, with its pages, on a database of ${Math.round(bytes / mebibyte).toLocaleString('en')} MiB: from the start of the process to its line “Parlour is ready”. Its memory is read half a minute later, at rest, as the operating system counts it.`,
    ],
    rounds: rounds.length,
    tables: [
      {
        rows: [
          ['', 'until ready', 'CPU until ready', 'memory at rest'],
          [
            'Parlour',
            formatSpread(seconds, show('s', 2)),
            formatSpread(processor, show('s', 2)),
            formatSpread(memory, show('MiB', 0)),
          ],
        ],
      },
    ],
    verdicts: [
      {
        what: 'from the start to ready',
        bound: 'at most',
        target: 1.5,
        measured: median(seconds),
        rounds: seconds,
        unit: 's',
      },
      { what: 'memory at rest', bound: 'at most', target: 180, measured: median(memory), rounds: memory, unit: 'MiB' },
    ],
  };
}
