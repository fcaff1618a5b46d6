import { setTimeout as delay } from 'node:timers/promises';
import { backoff } from '../backoff.ts';
import type { Log } from '../log.ts';
import type { BrokerAddress } from './broker-address.ts';
import { BrokerConnection } from './broker-connection.ts';
import { explainBrokerFault } from './explain-broker-fault.ts';
import type { FanoutState } from './fanout.ts';

export type BrokerLinkOptions = {
  address: BrokerAddress;
  log: Log;
  /** What is to be bound whenever there is a new connection. */
  listShards(): string[];
  onMessage(exchange: string, content: Buffer): void;
  /** Messages come again, from every shard that was listed. */
  onReady(): void;
  /** And from this one. */
  onBound(shard: string): void;
};

/** Milliseconds between attempts. */
const reconnecting = { first: 100, most: 2_000 };
/** Milliseconds after which a connection counts as good. */
const steady = 5_000;

/** Keeps a connection to the broker, and makes a new one whenever it ends. It starts by itself, and never gives up. */
export class BrokerLink {
  readonly #options: BrokerLinkOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #connection: BrokerConnection | undefined;
  /** Why there is no connection that can be relied on. */
  #fault: string | undefined;

  constructor(options: BrokerLinkOptions) {
    this.#options = options;
    this.#fault = `The broker at ${options.address.place} has not answered yet.`;
    this.#running = this.#run();
  }

  get state(): FanoutState {
    const reason = this.#connection?.isBlocked
      ? this.#describe('is short of memory or disk, and takes nothing')
      : this.#fault;
    return reason === undefined ? { name: 'ready' } : { name: 'degraded', reason };
  }

  get isOpen(): boolean {
    return this.#connection?.isOpen ?? false;
  }

  publish(exchange: string, key: string, content: Buffer): boolean {
    return this.#connection?.publish(exchange, key, content) ?? false;
  }

  /** Without a connection, the next one will ask which shards there are. */
  bind(shard: string): void {
    this.#own(this.#connection?.bind([shard]).then(() => this.#options.onBound(shard)));
  }

  unbind(shard: string): void {
    this.#own(this.#connection?.unbind([shard]));
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#connection?.close();
    await this.#running;
    this.#fault = 'The server is stopping.';
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let failures = 0; !signal.aborted; failures += 1) {
      const { reason, lasted } = await this.#live();
      if (signal.aborted) return;
      this.#degrade(reason);
      // One that breaks as soon as it is made is no better than none.
      if (lasted > steady) failures = 0;
      await delay(backoff(reconnecting, failures), undefined, { signal }).catch(() => undefined);
    }
  }

  /** One connection from its beginning to its end: why that came, and how many milliseconds after it was ready. */
  async #live(): Promise<{ reason: Error; lasted: number }> {
    const { address, onMessage, listShards } = this.#options;
    const connection = new BrokerConnection({ address, onMessage });
    this.#connection = connection;
    let readyAt = Number.POSITIVE_INFINITY;
    try {
      await connection.open();
      await connection.bind(listShards());
      if (connection.isOpen) {
        readyAt = performance.now();
        this.#becomeReady();
      }
    } catch (error) {
      connection.end(error as Error);
    }
    const reason = await connection.ended;
    this.#connection = undefined;
    return { reason, lasted: performance.now() - readyAt };
  }

  #becomeReady(): void {
    this.#fault = undefined;
    this.#options.log.info('The broker is reached', { broker: this.#options.address.place });
    this.#options.onReady();
  }

  #degrade(error: Error): void {
    const { vhost } = this.#options.address;
    const fault = this.#describe(`cannot be relied on: ${explainBrokerFault(error, vhost)}`);
    if (fault !== this.#fault) this.#options.log.warn(fault);
    this.#fault = fault;
  }

  #describe(what: string): string {
    const { address } = this.#options;
    return address.hide(`The broker at ${address.place} ${what}.`);
  }

  /** A connection that fails at it ends, and says so by its end. */
  #own(work: Promise<void> | undefined): void {
    work?.catch((error: Error) => this.#connection?.end(error));
  }
}
