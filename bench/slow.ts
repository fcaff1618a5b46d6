import type { Benchmark, Say } from './benchmark.ts';
import { Child } from './child.ts';
import type { CrowdSetting } from './load/passes.ts';
import type { SlowOrder, SlowResult } from './load/slow-readers.ts';
import { describeNumbers, readNumbers } from './read-numbers.ts';
import { RestartableServer } from './restartable-server.ts';
import { inTurn } from './rounds.ts';
import { reportSlow, type SlowFigures, type SlowPhase, type SlowRound } from './slow-report.ts';
import { UsageError } from './usage-error.ts';

// A round's 99th percentile is two or three pauses long: many rounds tell what is the pauses' and what the readers'.
const defaults = { readers: 1_000, slow: 50, rounds: 15, seconds: 6 };
const phases: readonly SlowPhase[] = ['all read', 'some do not'];
const sampleInterval = 50;

export type SlowOptions = typeof defaults;

export function readSlowOptions(args: readonly string[]): SlowOptions {
  const options = readNumbers(args, defaults);
  if (options.slow > options.readers / 2) throw new UsageError('--slow takes at most half of the readers.');
  return options;
}

/** Some readers of a room stop reading: what do the others notice, and what does the server keep for them? */
export async function runSlow({ readers, slow, rounds, seconds }: SlowOptions, say: Say): Promise<SlowFigures> {
  const server = await RestartableServer.start('parlour');
  let load: Child | undefined;
  try {
    const setting: CrowdSetting = {
      server: 'parlour',
      folder: server.folder,
      port: server.port,
      people: readers,
      rooms: 1,
    };
    say(`connecting ${readers} readers …`);
    load = new Child(new URL('./load/slow-readers.ts', import.meta.url), [JSON.stringify(setting), String(slow)]);
    await load.next();
    const figures: SlowFigures = { readers, slow, rounds: { 'all read': [], 'some do not': [] } };
    const measure = (phase: SlowPhase) =>
      measurePhase(server, load as Child, { isSlow: phase === 'some do not', milliseconds: seconds * 1_000 });
    say('warming up …');
    await measure('all read');
    for (let round = 0; round < rounds; round += 1) {
      say(`round ${round + 1} of ${rounds} …`);
      for (const phase of inTurn(phases, round)) figures.rounds[phase].push(await measure(phase));
    }
    return figures;
  } finally {
    await load?.stop();
    await server.remove();
  }
}

async function measurePhase(server: RestartableServer, load: Child, order: SlowOrder): Promise<SlowRound> {
  const before = await server.settledMemory();
  let peak = before;
  const sampling = setInterval(() => {
    peak = Math.max(peak, server.memory);
  }, sampleInterval);
  try {
    const result = await load.ask<SlowResult>(order);
    return { ...result, growth: peak - before };
  } finally {
    clearInterval(sampling);
  }
}

export const slow: Benchmark = {
  usage: describeNumbers(defaults),
  about: 'what readers who stop reading do to the others, and to the server’s memory',
  minutes: 15,
  run: async (args, say) => reportSlow(await runSlow(readSlowOptions(args), say)),
};
