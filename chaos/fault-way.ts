import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export type ProxyOrder = { order: 'pass' | 'drop' | 'delay'; milliseconds: number };

/** The way from a node to its database or broker, over a fault proxy in a thread of its own. */
export class FaultWay {
  /** Where the node is to connect, on 127.0.0.1. */
  readonly port: number;
  readonly #thread: Worker;

  private constructor(thread: Worker, port: number) {
    this.#thread = thread;
    this.port = port;
  }

  static async open(target: number): Promise<FaultWay> {
    const thread = new Worker(new URL('./proxy-thread.ts', import.meta.url), { workerData: target });
    const [port] = (await once(thread, 'message')) as [number];
    return new FaultWay(thread, port);
  }

  pass(): void {
    this.#order('pass');
  }

  /** A black hole, until `pass`. */
  drop(): void {
    this.#order('drop');
  }

  delay(milliseconds: number): void {
    this.#order('delay', milliseconds);
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }

  #order(order: ProxyOrder['order'], milliseconds = 0): void {
    this.#thread.postMessage({ order, milliseconds } satisfies ProxyOrder);
  }
}
