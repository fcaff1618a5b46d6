import { buildWebIfStale } from '../bin/build-web.ts';
import type { Benchmark, Say } from './benchmark.ts';
import { Child } from './child.ts';
import type { PageOrder, PageResult } from './load/page-reader.ts';
import { type DataSource, type PageFigures, reportPages } from './pages-report.ts';
import type { LoopDelay } from './peers/peer.ts';
import { cpuOf } from './process-usage.ts';
import { describeNumbers, readNumbers } from './read-numbers.ts';
import { inTurn } from './rounds.ts';

const defaults = { pages: 100, rounds: 7, rate: 50, seconds: 5 };
const sources: readonly DataSource[] = ['constant', 'live'];
/** Discarded: what comes first is run by code that was not compiled yet. */
const warmUps = 2;

export type PageOptions = typeof defaults;

export function readPageOptions(args: readonly string[]): PageOptions {
  return readNumbers(args, defaults);
}

/** One server, and somebody who opens a page there. */
class Contender {
  readonly source: DataSource;
  readonly #server: Child;
  #load: Child | undefined;

  constructor(source: DataSource) {
    this.source = source;
    this.#server = new Child(new URL('./peers/pages-peer.ts', import.meta.url), [source]);
  }

  async start(): Promise<void> {
    const { port } = await this.#server.next<{ port: number }>();
    this.#load = new Child(new URL('./load/page-reader.ts', import.meta.url), [String(port)]);
    await this.#load.next();
  }

  async measure(order: PageOrder): Promise<{ cpuAPage: number; loopDelay: number; result: PageResult }> {
    if (this.#load === undefined) throw new Error('nobody reads');
    await this.#server.ask<LoopDelay>({});
    const before = cpuOf(this.#server.pid);
    const result = await this.#load.ask<PageResult>(order);
    const cpuAPage = (cpuOf(this.#server.pid) - before) / result.latencies.length;
    return { cpuAPage, loopDelay: (await this.#server.ask<LoopDelay>({})).loopDelayMilliseconds, result };
  }

  async stop(): Promise<void> {
    await this.#load?.stop();
    await this.#server.stop();
  }
}

/** The page of a room: what does it cost beside rendering it from data that is there already, and do sockets wait for it? */
export async function runPages({ pages, rounds, rate, seconds }: PageOptions, say: Say): Promise<PageFigures> {
  await buildWebIfStale(say);
  const contenders = sources.map((source) => new Contender(source));
  try {
    say('starting the servers …');
    for (const contender of contenders) await contender.start();
    const figures: PageFigures = { rate, cpuAPage: { constant: [], live: [] }, steady: [], bytes: 0 };
    for (let round = -warmUps; round < rounds; round += 1) {
      say(round < 0 ? 'warming up …' : `round ${round + 1} of ${rounds} …`);
      for (const contender of inTurn(contenders, Math.max(0, round))) {
        const { cpuAPage, result } = await contender.measure({ kind: 'in-turn', count: pages });
        figures.bytes = result.bytes;
        if (round >= 0) figures.cpuAPage[contender.source].push(cpuAPage);
      }
      const live = contenders.find(({ source }) => source === 'live');
      const steady = await live?.measure({ kind: 'steadily', aSecond: rate, milliseconds: seconds * 1_000 });
      if (round >= 0 && steady !== undefined)
        figures.steady.push({ loopDelay: steady.loopDelay, latencies: steady.result.latencies });
    }
    return figures;
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
}

export const pages: Benchmark = {
  usage: describeNumbers(defaults),
  about: 'what a rendered page of a room costs, and whether sockets wait for it',
  minutes: 10,
  run: async (args, say) => reportPages(await runPages(readPageOptions(args), say)),
};
