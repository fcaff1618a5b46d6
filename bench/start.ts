import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildWebIfStale } from '../bin/build-web.ts';
import { ServerProcess } from '../packages/server/test/server-process.ts';
import { Visitor } from '../packages/server/test/visitor.ts';
import type { Benchmark, Say } from './benchmark.ts';
import { fillRooms } from './load/fill-rooms.ts';
import { cpuOf, residentBytes } from './process-usage.ts';
import { describeNumbers, readNumbers } from './read-numbers.ts';
import { reportStart, type StartFigures, type StartRound } from './start-report.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts';

const defaults = { mebibytes: 1_024, rounds: 7, rest: 30 };
const entry = fileURLToPath(new URL('../bin/start.ts', import.meta.url));
const mebibyte = 1_024 ** 2;
/** The kernel ends it when this process is gone. It runs the program in its own place, so that it has the same number. */
const endingWithThis = ['setpriv', '--pdeathsig=TERM', '--'];
const bodyBytes = 1_000;
const portion = 20_000;
/** Discarded: the first start of a version compiles what the later ones find compiled. */
const warmUps = 1;

export type StartOptions = typeof defaults;

export function readStartOptions(args: readonly string[]): StartOptions {
  return readNumbers(args, defaults);
}

/** What `npm start` runs, with its pages, on a database that was in use for long: how soon is it ready, how large is it then? */
export async function runStart({ mebibytes, rounds, rest }: StartOptions, say: Say): Promise<StartFigures> {
  const folder = makeTemporaryFolder();
  try {
    await buildWebIfStale(say);
    say(`filling a database of ${mebibytes} MiB …`);
    await fillDatabase(folder, mebibytes);
    const figures: StartFigures = { bytes: sizeOf(folder), rounds: [] };
    for (let round = -warmUps; round < rounds; round += 1) {
      say(round < 0 ? 'warming up …' : `round ${round + 1} of ${rounds} …`);
      const measured = await startOnce(folder, rest * 1_000);
      if (round >= 0) figures.rounds.push(measured);
    }
    return figures;
  } finally {
    removeTemporaryFolder(folder);
  }
}

async function startOnce(folder: string, rest: number): Promise<StartRound> {
  const from = performance.now();
  const server = await ServerProcess.start({ folder, entry, within: endingWithThis });
  const milliseconds = performance.now() - from;
  const cpu = cpuOf(server.pid);
  try {
    await wait(rest);
    return { milliseconds, cpu, memory: residentBytes(server.pid) };
  } finally {
    await server.stop();
  }
}

async function fillDatabase(folder: string, mebibytes: number): Promise<void> {
  const server = await ServerProcess.start({ folder, within: endingWithThis });
  const maker = new Visitor(server.origin);
  await maker.signUp('Ada');
  const { id: room } = await maker.createRoom('lobby');
  await server.stop();
  while (sizeOf(folder) < mebibytes * mebibyte) {
    fillRooms(folder, [{ room, author: maker.id, messages: portion, bodyBytes }]);
  }
}

function sizeOf(folder: string): number {
  return statSync(join(folder, 'parlour.sqlite')).size;
}

export const start: Benchmark = {
  usage: describeNumbers(defaults),
  about: 'from the start of the process until it is ready, with a large database, and its memory at rest',
  minutes: 10,
  run: async (args, say) => reportStart(await runStart(readStartOptions(args), say)),
};
