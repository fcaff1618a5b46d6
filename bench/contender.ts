import { Child } from './child.ts';
import type { LoadResult } from './load/load.ts';
import type { TalkOptions } from './load/talk.ts';
import type { Usage } from './peers/peer.ts';

export type PeerName = 'plain-ws' | 'socket-io' | 'parlour';

/** What one round of one server measured. */
export type Round = {
  messages: number;
  deliveries: number;
  /** Microseconds of the server's processor time, over all its threads, that a delivery took. */
  cpuADelivery: number;
  deliveriesASecond: number;
  latencies: number[];
  loopDelay: number;
  /** How much of one processor the load generator used: near 1, it and not the server sets the pace. */
  loadShare: number;
};

/** One server and the process that fills its room. */
export class Contender {
  readonly name: PeerName;
  readonly #server: Child;
  #load: Child | undefined;
  #members = 0;

  constructor(name: PeerName) {
    this.name = name;
    this.#server = new Child(new URL(`./peers/${name}-peer.ts`, import.meta.url));
  }

  async fill(members: number): Promise<void> {
    const { port } = await this.#server.next<{ port: number }>();
    this.#load = new Child(new URL('./load/load.ts', import.meta.url), [this.name, String(port), String(members)]);
    await this.#load.next();
    this.#members = members;
  }

  async measure(options: TalkOptions): Promise<Round> {
    if (this.#load === undefined) throw new Error('the room is empty');
    const before = await this.#server.ask<Usage>({});
    const result = await this.#load.ask<LoadResult>(options);
    const after = await this.#server.ask<Usage>({});
    const deliveries = result.messages * this.#members;
    return {
      messages: result.messages,
      deliveries,
      cpuADelivery: (after.cpuMicroseconds - before.cpuMicroseconds) / deliveries,
      deliveriesASecond: (deliveries / result.milliseconds) * 1_000,
      latencies: result.latencies,
      loopDelay: after.loopDelayMilliseconds,
      loadShare: result.loadMicroseconds / 1_000 / result.milliseconds,
    };
  }

  async stop(): Promise<void> {
    await this.#load?.stop();
    await this.#server.stop();
  }
}
