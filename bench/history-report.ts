import type { Result, Series } from './report/result.ts';
import type { Verdict } from './report/verdict.ts';
import { formatSpread } from './rounds.ts';
import { median } from './statistics.ts';

/** Microseconds of the server's processor time, over all its threads. */
export type HistoryRound = { page: number; resume: number };
/** By room. */
export type HistoryFigures = { sizes: number[]; rounds: HistoryRound[][] };

type Kind = keyof HistoryRound;
const titles: Record<Kind, string> = { page: 'a page of history', resume: 'a resume' };
const kinds = Object.keys(titles) as Kind[];
const target = 1.5;

export function reportHistory(figures: HistoryFigures): Result {
  const { sizes, rounds } = figures;
  const show = (value: number) => `${value.toFixed(0)} µs`;
  return {
    title: 'History: pages and resumes in rooms of all sizes',
    about: [
      'A page: 50 messages of 200 bytes from anywhere in the later half of the room, by HTTP. A resume: a socket joins after the 51st event from the end, and gets the 50 behind it. Processor time of the server, all threads.',
    ],
    ...(rounds[0] && { rounds: rounds[0].length }),
    tables: [
      {
        rows: [
          ['messages in the room', ...kinds.map((kind) => titles[kind])],
          ...sizes.map((size, room) => [
            size.toLocaleString('en'),
            ...kinds.map((kind) => formatSpread(valuesOf(figures, room, kind), show)),
          ]),
        ],
      },
    ],
    verdicts: kinds.map((kind) => judge(figures, kind)),
    plots: [
      {
        name: 'rooms',
        title: 'What a page and a resume of 50 messages cost',
        x: { title: 'messages in the room', isLogarithmic: true },
        y: { title: 'CPU (µs)' },
        series: kinds.map((kind): Series => ({ name: titles[kind], points: pointsOf(figures, kind) })),
      },
    ],
  };
}

function judge(figures: HistoryFigures, kind: Kind): Verdict {
  const costs = pointsOf(figures, kind).map(({ y }) => y);
  const measured = Math.max(...costs) / Math.min(...costs);
  return { what: `CPU of ${titles[kind]}, dearest room to cheapest`, bound: 'at most', target, measured };
}

function pointsOf(figures: HistoryFigures, kind: Kind) {
  return figures.sizes.map((size, room) => ({ x: size, y: median(valuesOf(figures, room, kind)) }));
}

function valuesOf({ rounds }: HistoryFigures, room: number, kind: Kind): number[] {
  return (rounds[room] ?? []).map((round) => round[kind]);
}
