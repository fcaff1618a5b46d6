import { Child } from './child.ts';
import type { LoadOrder, LoadResult, LoadSetting } from './load/load.ts';
import type { CrowdSize } from './load/seats.ts';
import { peers } from './peers/peer-catalog.ts';
import type { PeerName } from './peers/peer-name.ts';
import type { PeerServer } from './peers/peer-server.ts';
import { cpuOfFamily, residentBytesOfFamily } from './process-usage.ts';

/** What one round of one server measured. */
export type Round = {
  messages: number;
  deliveries: number;
  /** Microseconds of the server's processor time, over all its threads and children, that one took. */
  cpuAMessage: number;
  cpuADelivery: number;
  messagesASecond: number;
  deliveriesASecond: number;
  /** Milliseconds, of each message. */
  latencies: number[];
  loopDelay: number | undefined;
  /** Of the server's processes, at the end of the round. */
  residentBytes: number;
  /** How much of the time the load generator was busy: near 1, it and not the server sets the pace. */
  loadShare: number;
};

/** One server and the process that has all of its sockets. */
export class Contender {
  readonly name: PeerName;
  readonly #server: PeerServer;
  readonly #load: Child;

  private constructor(name: PeerName, server: PeerServer, load: Child) {
    this.name = name;
    this.#server = server;
    this.#load = load;
  }

  static async start(name: PeerName, size: CrowdSize): Promise<Contender> {
    const server = await peers[name].start();
    const setting: LoadSetting = { ...size, peer: name, port: server.port, folder: server.folder };
    const load = new Child(new URL('./load/load.ts', import.meta.url), [JSON.stringify(setting)]);
    const contender = new Contender(name, server, load);
    try {
      await load.next();
      return contender;
    } catch (error) {
      await contender.stop();
      throw error;
    }
  }

  /** Throws where the server or its sockets are gone: half a figure is none. */
  async measure(order: LoadOrder): Promise<Round> {
    try {
      return await this.#measure(order);
    } catch (cause) {
      throw new Error(`${this.name} or its load generator ended, or lost a message`, { cause });
    }
  }

  async #measure(order: LoadOrder): Promise<Round> {
    const { pid } = this.#server;
    await this.#server.loopDelay();
    const before = cpuOfFamily(pid);
    const { messages, deliveries, milliseconds, latencies, busyMicroseconds } = await this.#load.ask<LoadResult>(order);
    const cpu = cpuOfFamily(pid) - before;
    return {
      messages,
      deliveries,
      cpuAMessage: cpu / messages,
      cpuADelivery: cpu / deliveries,
      messagesASecond: (messages / milliseconds) * 1_000,
      deliveriesASecond: (deliveries / milliseconds) * 1_000,
      latencies,
      loopDelay: await this.#server.loopDelay(),
      residentBytes: residentBytesOfFamily(pid),
      loadShare: busyMicroseconds / 1_000 / milliseconds,
    };
  }

  async stop(): Promise<void> {
    await this.#load.stop();
    await this.#server.stop();
  }
}
