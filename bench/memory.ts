import type { Benchmark, Say } from './benchmark.ts';
import { Child } from './child.ts';
import { requireFiles } from './file-limit.ts';
import type { IdleOrder } from './load/idle-crowd.ts';
import type { CrowdSetting } from './load/passes.ts';
import { type MemoryFigures, type MemoryRound, reportMemory } from './memory-report.ts';
import { describeNumbers, readNumbers } from './read-numbers.ts';
import { RestartableServer, type ServerName } from './restartable-server.ts';
import { inTurn } from './rounds.ts';

const defaults = { sockets: 10_000, rounds: 5 };
const servers: readonly ServerName[] = ['socket-io', 'parlour'];
const peopleARoom = 100;
/** Sockets that are there before memory is read first, so that loading and compiling what serves them is in neither. */
const warmUp = 500;

export type MemoryOptions = typeof defaults;

export function readMemoryOptions(args: readonly string[]): MemoryOptions {
  return readNumbers(args, defaults);
}

/** What a socket that is authenticated, in a room and idle takes of the server's memory. */
export async function runMemory({ sockets, rounds }: MemoryOptions, say: Say): Promise<MemoryFigures> {
  requireFiles(sockets + warmUp);
  const figures: MemoryFigures = { sockets, rounds: { 'socket-io': [], parlour: [] } };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of inTurn(servers, round)) {
      say(`round ${round + 1} of ${rounds}: ${name} …`);
      figures.rounds[name].push(await measure(name, sockets));
    }
  }
  return figures;
}

async function measure(name: ServerName, sockets: number): Promise<MemoryRound> {
  const server = await RestartableServer.start(name);
  let load: Child | undefined;
  try {
    const people = sockets + warmUp;
    const setting: CrowdSetting = {
      server: name,
      folder: server.folder,
      port: server.port,
      people,
      rooms: Math.ceil(people / peopleARoom),
    };
    load = new Child(new URL('./load/idle-crowd.ts', import.meta.url), [JSON.stringify(setting)]);
    await load.next();
    // Signing thousands of people up leaves much behind that is no socket's.
    await server.kill();
    await server.restart();
    await load.ask({ enter: warmUp } satisfies IdleOrder);
    const before = await server.settledMemory();
    await load.ask({ enter: sockets } satisfies IdleOrder);
    return { before, after: await server.settledMemory() };
  } finally {
    await load?.stop();
    await server.remove();
  }
}

export const memory: Benchmark = {
  usage: describeNumbers(defaults),
  about: 'what an idle socket takes of the server’s memory, beside Socket.IO',
  minutes: 20,
  run: async (args, say) => reportMemory(await runMemory(readMemoryOptions(args), say)),
  check: ['--sockets', '2000', '--rounds', '3'],
};
