import type { Benchmark } from './benchmark.ts';
import { Child } from './child.ts';
import { type HandshakeFigures, type HandshakeRound, reportHandshake, type WayIn } from './handshake-report.ts';
import type { HandshakeOrder, HandshakeResult } from './load/handshakes.ts';
import { startNodePeer } from './peers/node-peer.ts';
import type { PeerServer } from './peers/peer-server.ts';
import { cpuOf } from './process-usage.ts';
import { describeNumbers, readNumbers } from './read-numbers.ts';
import { UsageError } from './usage-error.ts';

const peers: Record<WayIn, Parameters<typeof startNodePeer>> = {
  memory: ['socket-io-login', ['nothing']],
  stored: ['socket-io-login', ['tickets']],
  parlour: ['parlour'],
};
const modes = [1, 16];
/** Discarded: the first thousand handshakes are run by code that was not compiled yet. */
const warmUps = 3;

export type HandshakeOptions = { handshakes: number; rounds: number };

const defaults = { handshakes: 500, rounds: 7 };

export function readHandshakeOptions(args: readonly string[]): HandshakeOptions {
  const options = readNumbers(args, defaults);
  const least = Math.max(...modes);
  if (options.handshakes < least) throw new UsageError(`A round takes at least ${least} handshakes.`);
  return options;
}

class Contender {
  readonly name: WayIn;
  #server: PeerServer | undefined;
  #load: Child | undefined;

  constructor(name: WayIn) {
    this.name = name;
  }

  async start(): Promise<void> {
    this.#server = await startNodePeer(...peers[this.name]);
    const args = [this.name, String(this.#server.port)];
    this.#load = new Child(new URL('./load/handshakes.ts', import.meta.url), args);
    await this.#load.next();
  }

  async measure(order: HandshakeOrder): Promise<HandshakeRound> {
    if (this.#server === undefined || this.#load === undefined) throw new Error('nobody is logged in');
    await this.#server.loopDelay();
    const before = cpuOf(this.#server.pid);
    const result = await this.#load.ask<HandshakeResult>(order);
    const cpu = cpuOf(this.#server.pid) - before;
    const loopDelay = (await this.#server.loopDelay()) ?? Number.NaN;
    await this.#load.ask({ hangUp: true });
    return {
      cpuAHandshake: cpu / order.count,
      handshakesASecond: (order.count / result.milliseconds) * 1_000,
      latencies: result.latencies,
      loopDelay,
      loadShare: result.busyMicroseconds / 1_000 / result.milliseconds,
    };
  }

  async stop(): Promise<void> {
    await this.#load?.stop();
    await this.#server?.stop();
  }
}

/** From a login to a live socket, again and again: a ticket by HTTP, the upgrade, the check of a token. */
export async function runHandshake(options: HandshakeOptions, say: (line: string) => void): Promise<HandshakeFigures> {
  const contenders = (Object.keys(peers) as WayIn[]).map((name) => new Contender(name));
  try {
    say('logging people in …');
    for (const contender of contenders) await contender.start();
    return await measureAll(contenders, options, say);
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
  }
}

// Interleaved, and each round begins with another server, so that what else the machine does meets all of them alike.
async function measureAll(
  contenders: Contender[],
  { handshakes, rounds }: HandshakeOptions,
  say: (line: string) => void,
): Promise<HandshakeFigures> {
  const figures: HandshakeFigures = { handshakes, modes: modes.map((inFlight) => ({ inFlight, rounds: newRounds() })) };
  for (let number = -warmUps; number < rounds; number++) {
    say(number < 0 ? 'warming up …' : `round ${number + 1} of ${rounds} …`);
    const turn = Math.max(0, number) % contenders.length;
    for (const mode of figures.modes) {
      for (const contender of [...contenders.slice(turn), ...contenders.slice(0, turn)]) {
        const round = await contender.measure({ count: handshakes, inFlight: mode.inFlight });
        if (number >= 0) mode.rounds[contender.name].push(round);
      }
    }
  }
  return figures;
}

function newRounds(): Record<WayIn, HandshakeRound[]> {
  return { memory: [], stored: [], parlour: [] };
}

export const handshake: Benchmark = {
  usage: describeNumbers(defaults),
  about: 'what it costs to bring a login to a live socket, beside Express and Socket.IO',
  minutes: 5,
  run: async (args, say) => reportHandshake(await runHandshake(readHandshakeOptions(args), say)),
};
