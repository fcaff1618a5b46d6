import type { Rounds } from './measure-in-turns.ts';
import { delivery, namesIn, shortTitle, tabulate, versionsOf } from './peer-table.ts';
import { peerNames } from './peers/peer-name.ts';
import { compareRounds, judgeRatios } from './ratio.ts';
import type { Plot, Result } from './report/result.ts';
import type { Verdict } from './report/verdict.ts';
import { median } from './statistics.ts';

export type GrowthSize = { size: number; rounds: Rounds };
export type Growth = { notes: readonly string[]; sizes: GrowthSize[] };
export type GrowthFigures = { sockets: Growth; rooms: Growth };

/** What a delivery may cost of one in any smaller house. */
const target = 1.3;

export function reportGrowth({ sockets, rooms }: GrowthFigures): Result {
  const all = [...sockets.sizes, ...rooms.sizes].map((size) => size.rounds);
  return {
    title: 'Growth: the same work in a larger house',
    about: [
      'Sockets: one room of so many, one message in flight; what a message itself costs is shared by all who receive it, so a delivery in a small room costs more.',
      'Rooms: so many of 20 members, 1,000 messages a second over all of them. With more than 200 rooms there are no more sockets, but each is in several rooms.',
      ...sockets.notes,
      ...rooms.notes,
    ],
    rounds: all[0]?.parlour?.length ?? 0,
    tables: [...tabulateAll('sockets in one room', sockets), ...tabulateAll('rooms of 20', rooms)],
    verdicts: [...judgeSteps('sockets', sockets), ...judgeSteps('rooms', rooms)],
    plots: [
      plotGrowth('sockets', 'One room, one message in flight', 'sockets in the room', sockets),
      plotGrowth('rooms', 'Rooms of 20, 1,000 messages a second over all', 'rooms', rooms),
    ],
    versions: versionsOf(namesIn(Object.assign({}, ...all) as Rounds)),
  };
}

const show = (size: number) => size.toLocaleString('en');

function tabulateAll(what: string, { sizes }: Growth) {
  return sizes.map(({ size, rounds }) => tabulate(`${show(size)} ${what}`, delivery, rounds));
}

function judgeSteps(what: string, { sizes }: Growth): Verdict[] {
  return sizes.flatMap((larger, i) => sizes.slice(0, i).map((smaller) => judgeStep(what, smaller, larger)));
}

function judgeStep(what: string, smaller: GrowthSize, larger: GrowthSize): Verdict {
  const comparison = `CPU a delivery with ${show(larger.size)} ${what}, of that with ${show(smaller.size)}`;
  const ratios = compareRounds(larger.rounds.parlour ?? [], smaller.rounds.parlour ?? [], delivery.cpu);
  return judgeRatios(comparison, ratios, target);
}

function plotGrowth(name: string, title: string, axis: string, { sizes }: Growth): Plot {
  return {
    name,
    title,
    x: { title: axis, isLogarithmic: true },
    y: { title: 'server CPU a delivery (µs)' },
    series: namesIn(sizes[0]?.rounds ?? {}).map((each) => ({
      name: shortTitle(each),
      look: peerNames.indexOf(each),
      points: sizes.map(({ size, rounds }) => ({ x: size, y: median((rounds[each] ?? []).map(delivery.cpu)) })),
    })),
  };
}
