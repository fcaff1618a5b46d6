import type { Benchmark, Say } from './benchmark.ts';
import { Child } from './child.ts';
import { type HistoryFigures, type HistoryRound, reportHistory } from './history-report.ts';
import { fillRooms } from './load/fill-rooms.ts';
import type { HistoryOrder, NamedRooms } from './load/history-readers.ts';
import type { CrowdSetting } from './load/passes.ts';
import { describeNumbers, readNumbers } from './read-numbers.ts';
import { RestartableServer } from './restartable-server.ts';
import { inTurn } from './rounds.ts';
import { UsageError } from './usage-error.ts';

const defaults = { largest: 1_000_000, pages: 300, rounds: 7 };
const smallest = 100;
const bodyBytes = 200;
/** As many events as a page has messages. */
const missed = 50;
/** Discarded: what comes first is run by code that was not compiled yet. */
const warmUps = 2;

export type HistoryOptions = typeof defaults;

export function readHistoryOptions(args: readonly string[]): HistoryOptions {
  const options = readNumbers(args, defaults);
  if (options.largest < 10 * smallest)
    throw new UsageError(`--largest takes at least ${10 * smallest}: two rooms are compared.`);
  return options;
}

/** Rooms of a hundred messages and, tenfold each, up to the largest: what a page of history and a resume cost there. */
export async function runHistory({ largest, pages, rounds }: HistoryOptions, say: Say): Promise<HistoryFigures> {
  const sizes: number[] = [];
  for (let size = smallest; size <= largest; size *= 10) sizes.push(size);
  const server = await RestartableServer.start('parlour');
  let load: Child | undefined;
  try {
    const count = sizes.length;
    const setting: CrowdSetting = {
      server: 'parlour',
      folder: server.folder,
      port: server.port,
      people: count,
      rooms: count,
    };
    load = new Child(new URL('./load/history-readers.ts', import.meta.url), [JSON.stringify(setting)]);
    await load.next();
    const { rooms } = await load.ask<NamedRooms>({ kind: 'name-rooms' } satisfies HistoryOrder);
    say(`filling rooms with up to ${largest.toLocaleString('en')} messages …`);
    await server.kill();
    fillRooms(
      server.folder,
      sizes.map((messages, i) => ({ room: rooms[i] ?? '', author: `person-${i}`, messages, bodyBytes })),
    );
    await server.restart();
    const figures: HistoryFigures = { sizes, rounds: sizes.map(() => []) };
    for (let round = -warmUps; round < rounds; round += 1) {
      say(round < 0 ? 'warming up …' : `round ${round + 1} of ${rounds} …`);
      for (const room of inTurn([...sizes.keys()], Math.max(0, round))) {
        const measured = await measure(server, load, { room, messages: sizes[room] ?? 0, count: pages });
        if (round >= 0) figures.rounds[room]?.push(measured);
      }
    }
    return figures;
  } finally {
    await load?.stop();
    await server.remove();
  }
}

async function measure(
  server: RestartableServer,
  load: Child,
  { room, messages, count }: { room: number; messages: number; count: number },
): Promise<HistoryRound> {
  const cost = async (order: HistoryOrder) => {
    const before = server.cpu;
    await load.ask(order);
    return (server.cpu - before) / count;
  };
  return {
    page: await cost({ kind: 'read-pages', room, messages, count }),
    resume: await cost({ kind: 'resume', room, missed, count }),
  };
}

export const history: Benchmark = {
  usage: describeNumbers(defaults),
  about: 'what a page of history and a resume cost in rooms of a hundred to a million messages',
  minutes: 10,
  run: async (args, say) => reportHistory(await runHistory(readHistoryOptions(args), say)),
};
