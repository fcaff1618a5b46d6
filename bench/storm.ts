import type { Benchmark, Say } from './benchmark.ts';
import { Child } from './child.ts';
import { requireFiles } from './file-limit.ts';
import { fillRooms } from './load/fill-rooms.ts';
import type { CrowdSetting } from './load/passes.ts';
import type { Armed, Returned, ReturningOrder, Talked } from './load/returning-crowd.ts';
import { describeNumbers, readNumbers } from './read-numbers.ts';
import { RestartableServer, type ServerName } from './restartable-server.ts';
import { inTurn } from './rounds.ts';
import { type ReturnRound, reportStorm, type StormFigures } from './storm-report.ts';

const defaults = { clients: 5_000, missed: 100, rounds: 5 };
const servers: readonly ServerName[] = ['socket-io', 'parlour'];
const peopleARoom = 100;
const bodyBytes = 200;
const talkMilliseconds = 2_000;

export type StormOptions = typeof defaults;

export function readStormOptions(args: readonly string[]): StormOptions {
  return readNumbers(args, defaults);
}

/** A server and all its clients, who come back whenever it does. */
class Contender {
  readonly server: RestartableServer;
  readonly #load: Child;

  private constructor(server: RestartableServer, load: Child) {
    this.server = server;
    this.#load = load;
  }

  static async start(name: ServerName, clients: number): Promise<Contender> {
    const server = await RestartableServer.start(name);
    const rooms = Math.max(1, Math.round(clients / peopleARoom));
    const setting: CrowdSetting = { server: name, folder: server.folder, port: server.port, people: clients, rooms };
    const load = new Child(new URL('./load/returning-crowd.ts', import.meta.url), [JSON.stringify(setting)]);
    await load.next();
    const contender = new Contender(server, load);
    await contender.#order({ kind: 'enter' });
    return contender;
  }

  /** Kills the server, and measures what it costs the next one to have everybody back. */
  async storm(missed: number): Promise<ReturnRound> {
    const { rooms } = await this.#order<Armed>({ kind: 'expect-loss', missed });
    await this.server.kill();
    // Nobody is there to hear of it, so it is all missed.
    if (missed > 0) this.#fill(rooms, missed);
    await this.server.restart();
    await this.server.loopDelay();
    const before = this.server.cpu;
    const { milliseconds, attempts, busyMicroseconds } = await this.#order<Returned>({ kind: 'await-return' });
    const cpu = this.server.cpu - before;
    const { loopDelayMilliseconds: loopDelay, longestMilliseconds: longest } = await this.server.loopDelay();
    return { cpu, milliseconds, attempts, busyMicroseconds, loopDelay, longest };
  }

  /** Microseconds of processor time that a delivery of a message costs that is said while all are there. */
  async liveDelivery(): Promise<number> {
    const before = this.server.cpu;
    const { deliveries } = await this.#order<Talked>({ kind: 'talk', milliseconds: talkMilliseconds });
    return (this.server.cpu - before) / deliveries;
  }

  async stop(): Promise<void> {
    await this.#load.stop();
    await this.server.remove();
  }

  #fill(rooms: readonly string[], messages: number): void {
    fillRooms(
      this.server.folder,
      rooms.map((room) => ({ room, author: 'person-0', messages, bodyBytes })),
    );
  }

  #order<Answer = object>(order: ReturningOrder): Promise<Answer> {
    return this.#load.ask<Answer>(order);
  }
}

/** The server dies, and everybody is back as soon as it is. */
export async function runStorm({ clients, missed, rounds }: StormOptions, say: Say): Promise<StormFigures> {
  requireFiles(clients);
  const contenders: Contender[] = [];
  try {
    for (const name of servers) {
      say(`${name}: ${clients} clients log in …`);
      contenders.push(await Contender.start(name, clients));
    }
    return await measureAll(contenders, { clients, missed, rounds }, say);
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
}

async function measureAll(
  contenders: readonly Contender[],
  { clients, missed, rounds }: StormOptions,
  say: Say,
): Promise<StormFigures> {
  const figures: StormFigures = {
    clients,
    missed,
    returns: { 'socket-io': [], parlour: [] },
    resumes: [],
    liveDeliveries: [],
  };
  for (let round = 0; round < rounds; round += 1) {
    say(`round ${round + 1} of ${rounds} …`);
    for (const contender of inTurn(contenders, round)) {
      figures.returns[contender.server.name].push(await contender.storm(0));
      if (contender.server.name !== 'parlour') continue;
      figures.resumes.push(await contender.storm(missed));
      figures.liveDeliveries.push(await contender.liveDelivery());
    }
  }
  return figures;
}

export const storm: Benchmark = {
  usage: describeNumbers(defaults),
  about: 'what it costs to have everybody back after a crash, beside Express and Socket.IO',
  minutes: 20,
  run: async (args, say) => reportStorm(await runStorm(readStormOptions(args), say)),
};
