import type { Benchmark, Say } from './benchmark.ts';
import { ClusterContender, type ClusterName } from './cluster-contender.ts';
import type { ClusterFigures } from './cluster-figures.ts';
import { reportCluster } from './cluster-report.ts';
import type { ClusterOrder } from './load/cluster-load.ts';
import { describeNumbers, readNumbers } from './read-numbers.ts';
import { UsageError } from './usage-error.ts';

const names: readonly ClusterName[] = ['single', 'cluster', 'socket-io'];
/**
 * What is said to the room: messages one at a time, and sixteen in one tick. Both at a pace that every contender keeps
 * up with, so that all do the same in the same time, however long one of them waits for its disk.
 */
const paces = [
  { atOnce: 1, aSecond: 40 },
  { atOnce: 16, aSecond: 5 },
];
const mostAtOnce = Math.max(...paces.map(({ atOnce }) => atOnce));
/** Discarded: the first thousand messages are run by code that was not compiled yet. */
const warmUps = 2;

export type ClusterOptions = {
  /** Of the room, on each node. */
  members: number;
  senders: number;
  rounds: number;
  milliseconds: number;
};

const defaults = { members: 500, senders: 100, rounds: 5, seconds: 2 };

export function readClusterOptions(args: readonly string[]): ClusterOptions {
  const { members, senders, rounds, seconds } = readNumbers(args, defaults);
  if (members < mostAtOnce)
    throw new UsageError(`A room whose members speak at once has at least ${mostAtOnce} of them.`);
  return { members, senders, rounds, milliseconds: seconds * 1_000 };
}

/** One room on two nodes, and people who send alone: beside one node, and beside Socket.IO with Redis. */
export async function runCluster(options: ClusterOptions, say: Say): Promise<ClusterFigures> {
  say(`connecting ${options.members} members to each node …`);
  const starting = names.map((name) => ClusterContender.start(name, options));
  try {
    return await measureAll(await Promise.all(starting), options, say);
  } finally {
    for (const started of await Promise.allSettled(starting))
      if (started.status === 'fulfilled') await started.value.stop();
  }
}

// Interleaved, and each round begins with another one, so that what else the machine does meets all of them alike.
async function measureAll(contenders: ClusterContender[], options: ClusterOptions, say: Say): Promise<ClusterFigures> {
  const { members, senders, rounds } = options;
  const figures: ClusterFigures = {
    members,
    senders,
    versions: await findVersions(contenders),
    tasks: listTasks(options).map((order) => ({ order, samples: newSamples() })),
  };
  for (let number = -warmUps; number < rounds; number++) {
    say(number < 0 ? 'warming up …' : `round ${number + 1} of ${rounds} …`);
    const turn = Math.max(0, number) % contenders.length;
    for (const { order, samples } of figures.tasks) {
      for (const contender of [...contenders.slice(turn), ...contenders.slice(0, turn)]) {
        if (order.kind === 'send' && contender.name === 'socket-io') continue;
        const sample = await contender.measure(order);
        if (number >= 0) samples[contender.name].push(sample);
      }
    }
  }
  return figures;
}

async function findVersions(contenders: ClusterContender[]): Promise<Record<string, string>> {
  const found = await Promise.all(contenders.map((contender) => contender.findVersions()));
  return Object.assign({}, ...found) as Record<string, string>;
}

function listTasks({ milliseconds }: ClusterOptions): ClusterOrder[] {
  return [...paces.map((pace) => ({ kind: 'speak', ...pace, milliseconds }) as const), { kind: 'send', milliseconds }];
}

function newSamples(): ClusterFigures['tasks'][number]['samples'] {
  return { single: [], cluster: [], 'socket-io': [] };
}

export const cluster: Benchmark = {
  usage: describeNumbers(defaults),
  about: 'what deliveries and sends cost on two nodes, beside one node and Socket.IO with Redis',
  minutes: 6,
  run: async (args, say) => reportCluster(await runCluster(readClusterOptions(args), say)),
};
