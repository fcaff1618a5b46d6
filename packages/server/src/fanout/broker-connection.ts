import type { Writable } from 'node:stream';
import { type Channel, type ChannelModel, type ConsumeMessage, connect, type SocketOptions } from 'amqplib';
import type { BrokerAddress } from './broker-address.ts';
import { declareQueue, exchanges } from './broker-exchanges.ts';
import { BrokerPing } from './broker-ping.ts';

export type BrokerConnectionOptions = {
  address: BrokerAddress;
  onMessage(exchange: string, content: Buffer): void;
  /** It takes again what is published; what was published since it did not is lost. */
  onUnblocked(): void;
};

/** Milliseconds for the connection, its channel and its queue. */
const openingPatience = 3_000;
const closingPatience = 500;
/** Seconds; so that the broker soon frees the queue of a node that is gone. */
const heartbeat = 5;
/** Frames that may wait for the network: with the largest portions some 60 MB, and several rounds of all shards. */
const highWaterMark = 512;

/** The library keeps it to itself; without it there are only more system calls. */
function streamOf(model: ChannelModel): Writable | undefined {
  const { stream } = model.connection as { stream?: Writable };
  return stream;
}

/**
 * One connection with its channel and its queue, from the opening to the first thing that goes wrong. Then all of it
 * ends, because the library mends neither a closed channel nor a deleted queue.
 */
export class BrokerConnection {
  /** Why it ended, once it has. Never rejects. */
  readonly ended: Promise<Error>;
  readonly #options: BrokerConnectionOptions;
  readonly #end: (reason: Error) => void;
  readonly #abort = new AbortController();
  #model: ChannelModel | undefined;
  #channel: Channel | undefined;
  #queue = '';
  #ping: BrokerPing | undefined;
  #isFull = false;
  #isBlocked = false;

  constructor(options: BrokerConnectionOptions) {
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.ended = promise;
    this.#end = resolve;
  }

  get isOpen(): boolean {
    return this.#channel !== undefined;
  }

  /** The broker takes nothing until it has memory or disk again. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** From here on it may publish and bind, unless it has ended. Throws why it could not be opened. */
  async open(): Promise<void> {
    const tooLong = () => this.end(new Error(`no answer within ${openingPatience / 1_000} seconds`));
    const timer = setTimeout(tooLong, openingPatience);
    const failed = this.ended.then((reason) => {
      throw reason;
    });
    try {
      await Promise.race([this.#setUp(), failed]);
    } catch (error) {
      this.end(error as Error);
      throw error;
    } finally {
      clearTimeout(timer);
    }
    // It may have ended between its opening and this line.
    if (!this.isOpen) return;
    this.#ping = new BrokerPing({
      send: () => {
        this.publish('', this.#queue, Buffer.alloc(0));
        return !this.#isBlocked;
      },
      onSilence: () => this.end(new Error('it no longer answers')),
    });
  }

  /** Whether it was taken. What cannot go out soon is dropped, never kept. */
  publish(exchange: string, key: string, content: Buffer): boolean {
    if (this.#channel === undefined || this.#isFull || this.#isBlocked) return false;
    try {
      this.#isFull = !this.#channel.publish(exchange, key, content);
      this.#gatherWrites();
      return true;
    } catch (error) {
      this.end(error as Error);
      return false;
    }
  }

  /** Resolves when the broker sends this node what is published to the shards. */
  async bind(shards: readonly string[]): Promise<void> {
    await this.#forEach(shards, (channel, exchange, shard) => channel.bindQueue(this.#queue, exchange, shard));
  }

  async unbind(shards: readonly string[]): Promise<void> {
    await this.#forEach(shards, (channel, exchange, shard) => channel.unbindQueue(this.#queue, exchange, shard));
  }

  /** Says goodbye, after what was published before. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.end(new Error('closed')), closingPatience);
    this.#ping?.stop();
    // The library never answers a channel that was closing when its connection broke.
    await Promise.race([this.#sayGoodbye(), this.ended]);
    clearTimeout(timer);
    this.end(new Error('closed'));
  }

  /** Ends it at once; the first reason counts. */
  end(reason: Error): void {
    this.#channel = undefined;
    this.#ping?.stop();
    this.#end(reason);
    this.#abort.abort();
  }

  async #setUp(): Promise<void> {
    const { address } = this.#options;
    const socket: SocketOptions & { signal: AbortSignal } = { noDelay: true, signal: this.#abort.signal };
    const model = await connect({ ...address.connect, heartbeat }, socket);
    this.#model = model;
    model.on('error', (error: Error) => this.end(error));
    model.on('close', (error?: Error) => this.end(error ?? new Error('it closed the connection')));
    model.on('blocked', () => {
      this.#isBlocked = true;
    });
    model.on('unblocked', () => {
      this.#isBlocked = false;
      if (this.isOpen) this.#options.onUnblocked();
    });
    const channel = await model.createChannel({ highWaterMark });
    channel.on('error', (error: Error) => this.end(error));
    // Where the connection closes, its channels do so first, and only the connection knows why.
    channel.on('close', () => queueMicrotask(() => this.end(new Error('it closed the channel'))));
    channel.on('drain', () => {
      this.#isFull = false;
    });
    this.#queue = await declareQueue(channel);
    await channel.consume(this.#queue, (message) => this.#receive(message), { noAck: true, exclusive: true });
    this.#channel = channel;
  }

  /**
   * The library writes each frame by itself, a system call each, in the turn of the loop after it was published. What one
   * tick publishes for many shards leaves at once instead.
   */
  #gatherWrites(): void {
    const stream = this.#model === undefined ? undefined : streamOf(this.#model);
    if (stream === undefined || stream.writableCorked > 0) return;
    stream.cork();
    process.nextTick(() => setImmediate(() => stream.uncork()));
  }

  /** The channel first: the end of the connection would overtake what waits in it. */
  async #sayGoodbye(): Promise<void> {
    try {
      await this.#channel?.close();
      await this.#model?.close();
    } catch {
      // It had ended already, which is what is wanted.
    }
  }

  #receive(message: ConsumeMessage | null): void {
    if (message === null) this.end(new Error('it deleted the queue of this node'));
    else if (message.fields.exchange === '') this.#ping?.returned();
    else this.#options.onMessage(message.fields.exchange, message.content);
  }

  async #forEach(
    shards: readonly string[],
    change: (channel: Channel, exchange: string, shard: string) => Promise<unknown>,
  ): Promise<void> {
    const channel = this.#channel;
    if (channel === undefined) return;
    try {
      const each = [exchanges.events, exchanges.presence];
      await Promise.all(shards.flatMap((shard) => each.map((exchange) => change(channel, exchange, shard))));
    } catch (error) {
      this.end(error as Error);
    }
  }
}
