import type { Benchmark, Say } from './benchmark.ts';
import { fanoutSize } from './fanout.ts';
import { readFileLimit } from './file-limit.ts';
import { findInstalled, withContenders } from './gather-contenders.ts';
import { type Growth, type GrowthFigures, reportGrowth } from './growth-report.ts';
import type { LoadOrder } from './load/load.ts';
import type { CrowdSize } from './load/seats.ts';
import { measureInTurns } from './measure-in-turns.ts';
import type { PeerName } from './peers/peer-name.ts';
import { describeNumbers, readNumbers } from './read-numbers.ts';
import { membersEach } from './rooms.ts';

const warmUps = 2;
const messagesASecond = 1_000;
/** Besides the sockets, a process has files open. */
const otherFiles = 500;
/** So that a process with a usual limit of files can have them: with more rooms, each socket is in several. */
const socketsMaximum = 4_000;
const defaults = { rounds: 5, seconds: 1 };

export type GrowthOptions = { rounds: number; milliseconds: number };
export type GrowthSizes = { sockets: readonly number[]; rooms: readonly number[] };
type Kind = { names: readonly PeerName[]; sizes: readonly number[]; order: LoadOrder; crowd(size: number): CrowdSize };

export const fullSizes: GrowthSizes = { sockets: [100, 1_000, 10_000], rooms: [20, 200, 2_000] };

export function readGrowthOptions(args: readonly string[]): GrowthOptions {
  const { rounds, seconds } = readNumbers(args, defaults);
  return { rounds, milliseconds: seconds * 1_000 };
}

/** Every room has as many members, whatever their number. */
function crowdIn(rooms: number): CrowdSize {
  const sockets = Math.min(socketsMaximum, rooms * membersEach);
  return { sockets, people: sockets, rooms, roomsEach: (rooms * membersEach) / sockets };
}

/** The same work in a larger house: does a delivery cost more there? */
export async function runGrowth(options: GrowthOptions, say: Say, sizes = fullSizes): Promise<GrowthFigures> {
  const { milliseconds } = options;
  const sockets = await measureKind(options, say, {
    names: ['bun', 'socket-io', 'parlour'],
    sizes: sizes.sockets,
    order: { kind: 'talk', inFlight: 1, milliseconds },
    crowd: fanoutSize,
  });
  const rooms = await measureKind(options, say, {
    names: ['socket-io', 'parlour'],
    sizes: sizes.rooms,
    order: { kind: 'chatter', messagesASecond, milliseconds },
    crowd: crowdIn,
  });
  return { sockets, rooms };
}

async function measureKind({ rounds }: GrowthOptions, say: Say, { names, sizes, order, crowd }: Kind): Promise<Growth> {
  const { present, absent } = findInstalled(names);
  const mayOpen = readFileLimit() - otherFiles;
  const possible = sizes.filter((size) => crowd(size).sockets <= mayOpen);
  const tooLarge = sizes.filter((size) => !possible.includes(size));
  const wanted = possible.flatMap((size) => present.map((name) => ({ name, size: crowd(size) })));
  const results = await withContenders(wanted, say, (contenders) => {
    const stages = possible.map((_, i) => ({
      contenders: contenders.slice(i * present.length, (i + 1) * present.length),
      order,
    }));
    return measureInTurns(stages, { rounds, warmUps }, say);
  });
  return {
    notes: [...absent, ...tooLarge.map((size) => `${size} was left out: a process may have ${mayOpen} sockets here.`)],
    sizes: possible.map((size, i) => ({ size, rounds: results[i] ?? {} })),
  };
}

export const growth: Benchmark = {
  usage: describeNumbers(defaults),
  about: 'whether a delivery costs more in a room of 10,000 sockets, or with 2,000 rooms',
  minutes: 12,
  run: async (args, say) => reportGrowth(await runGrowth(readGrowthOptions(args), say)),
};
