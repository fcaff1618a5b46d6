import type { Result } from './report/result.ts';
import { divide, formatSpread } from './rounds.ts';
import { median, percentile } from './statistics.ts';

/** Where the pages' data comes from: the same bytes each time, or accounts and the database. */
export type DataSource = 'constant' | 'live';
export type PageFigures = {
  /** Pages a second in the steady part. */
  rate: number;
  /** Microseconds of processor time, all threads. */
  cpuAPage: Record<DataSource, number[]>;
  /** At that rate: what sockets waited, and how long a page took. */
  steady: { loopDelay: number; latencies: number[] }[];
  bytes: number;
};

const titles: Record<DataSource, string> = { constant: 'the same page from constant data', live: 'Parlour' };
const targets = { ratio: 1.25, loopDelay: 20 };

export function reportPages({ rate, cpuAPage, steady, bytes }: PageFigures): Result {
  const sources = Object.keys(titles) as DataSource[];
  const ratiosOf = (source: DataSource) => divide(cpuAPage[source], cpuAPage.constant);
  const latencies = steady.flatMap((round) => round.latencies);
  const delays = steady.map(({ loopDelay }) => loopDelay);
  const milli = (value: number) => `${value.toFixed(1)} ms`;
  return {
    title: 'Pages: a room with fifty messages, rendered',
    about: [
      `The page of a room with 50 messages, ${Math.round(bytes / 1_024)} KiB, of somebody who is signed in, one after another. Constant data: the same server, in which every answer that the page gets from the API is the same bytes each time.`,
    ],
    rounds: cpuAPage.live.length,
    tables: [
      {
        rows: [
          ['one after another', 'CPU a page', 'of constant data'],
          ...sources.map((source) => [
            titles[source],
            formatSpread(cpuAPage[source], (value) => milli(value / 1_000)),
            formatSpread(ratiosOf(source)),
          ]),
        ],
      },
      {
        rows: [
          [`${rate} pages a second`, 'p50', 'p99', 'loop delay p99'],
          [
            'Parlour',
            milli(percentile(latencies, 0.5)),
            milli(percentile(latencies, 0.99)),
            formatSpread(delays, milli),
          ],
        ],
      },
    ],
    verdicts: [
      {
        what: 'CPU a page, of constant data',
        bound: 'at most',
        target: targets.ratio,
        measured: median(ratiosOf('live')),
        rounds: ratiosOf('live'),
      },
      {
        what: `loop delay p99 under ${rate} pages a second`,
        bound: 'at most',
        target: targets.loopDelay,
        measured: median(delays),
        rounds: delays,
        unit: 'ms',
      },
    ],
  };
}
