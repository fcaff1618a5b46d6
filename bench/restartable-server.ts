import { setTimeout as wait } from 'node:timers/promises';
import { Child } from './child.ts';
import type { LoopDelay } from './peers/peer.ts';
import { cpuOf, residentBytes } from './process-usage.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts';

export type ServerName = 'parlour' | 'socket-io';

/** What outlives the process is the same in both: logins do, tickets do not. */
const modules: Record<ServerName, [name: string, ...args: string[]]> = {
  parlour: ['parlour-peer.ts'],
  'socket-io': ['socket-io-login-peer.ts', 'sessions'],
};

/** One of the servers that logins lead into, on a folder and a port that outlive its process. */
export class RestartableServer {
  readonly name: ServerName;
  readonly folder = makeTemporaryFolder();
  #port = 0;
  #process: Child;

  private constructor(name: ServerName) {
    this.name = name;
    this.#process = this.#launch();
  }

  static async start(name: ServerName): Promise<RestartableServer> {
    const server = new RestartableServer(name);
    await server.#ready();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  /** Microseconds of processor time, over all threads of the process that runs now. */
  get cpu(): number {
    return cpuOf(this.#process.pid);
  }

  get memory(): number {
    return residentBytes(this.#process.pid);
  }

  /** How long the loop kept others waiting since this was asked last. */
  loopDelay(): Promise<LoopDelay> {
    return this.#process.ask<LoopDelay>({});
  }

  /** Bytes of memory, once it is quiet and has let go of what nobody holds any more. */
  async settledMemory(): Promise<number> {
    for (const pause of [1_000, 250]) {
      await wait(pause);
      await this.#process.ask({ collect: true });
    }
    return this.memory;
  }

  kill(): Promise<void> {
    return this.#process.kill();
  }

  /** Starts it again where it was. */
  async restart(): Promise<void> {
    this.#process = this.#launch();
    await this.#ready();
  }

  async remove(): Promise<void> {
    await this.#process.stop();
    removeTemporaryFolder(this.folder);
  }

  #launch(): Child {
    const [module, ...args] = modules[this.name];
    const url = new URL(`./peers/${module}`, import.meta.url);
    return new Child(url, [...args, this.folder, String(this.#port)]);
  }

  async #ready(): Promise<void> {
    this.#port = (await this.#process.next<{ port: number }>()).port;
  }
}
