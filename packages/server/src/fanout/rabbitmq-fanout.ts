import type { RoomEvent } from '@parlour/protocol/events';
import type { Log } from '../log.ts';
import { BrokerAddress } from './broker-address.ts';
import { isRoomEvent, isRoomMessage, readEnvelope, writeEnvelope } from './broker-envelope.ts';
import { exchanges } from './broker-exchanges.ts';
import { BrokerLink } from './broker-link.ts';
import type { Fanout, FanoutListener, FanoutState, JsonValue } from './fanout.ts';
import { shardOf } from './shard.ts';
import { SparseLog } from './sparse-log.ts';
import { TickBatcher } from './tick-batcher.ts';
import { WatchedShards } from './watched-shards.ts';

export type RabbitmqFanoutOptions = {
  /** `amqp://` or `amqps://`, with credentials. */
  url: string;
  /** This node's id, unique in the house and anew for each process. */
  node: string;
  log: Log;
  /** Milliseconds that a shard stays bound after its last room went. */
  linger?: number;
};

/** Fits one frame of the protocol, with the envelope. */
const portion = 120 * 1024;
const tick = 8 * 1024 * 1024;

/**
 * The fan-out of several nodes. It connects by itself and starts without a broker too: the database has everything, and
 * only news of other nodes come later.
 */
export class RabbitmqFanout implements Fanout {
  readonly #node: string;
  readonly #log: Log;
  readonly #troubles: SparseLog;
  readonly #link: BrokerLink;
  readonly #shards: WatchedShards;
  readonly #listeners: FanoutListener[] = [];
  readonly #events = this.#openBatcher(exchanges.events);
  readonly #presence = this.#openBatcher(exchanges.presence);
  readonly #control = this.#openBatcher(exchanges.control);
  #wasReady = false;
  /** Something that was published may have been lost, and the others do not know yet. */
  #hasDropped = false;

  /** Throws where `url` is no address of a broker, without repeating it. */
  constructor({ url, node, log, linger = 5_000 }: RabbitmqFanoutOptions) {
    this.#node = node;
    this.#log = log;
    this.#troubles = new SparseLog(log);
    this.#shards = new WatchedShards({
      bind: (shard) => this.#link.bind(shard),
      unbind: (shard) => this.#link.unbind(shard),
      linger,
    });
    this.#link = new BrokerLink({
      address: new BrokerAddress(url),
      log,
      listShards: () => this.#shards.list(),
      onMessage: (exchange, content) => this.#receive(exchange, content),
      onReady: () => this.#becomeReady(),
      onBound: (shard) => this.#tell((listener) => listener.onHearing?.(this.#shards.listRooms(shard))),
    });
  }

  get state(): FanoutState {
    return this.#link.state;
  }

  publish(event: RoomEvent): void {
    this.#offer(this.#events, shardOf(event.room), event);
    for (const listener of this.#listeners) listener.event(event);
  }

  publishPresence(room: string, message: JsonValue): void {
    this.#offer(this.#presence, shardOf(room), { room, message });
  }

  publishControl(message: JsonValue): void {
    this.#offer(this.#control, '', message);
  }

  watch(room: string): void {
    this.#shards.watch(room);
  }

  unwatch(room: string): void {
    this.#shards.unwatch(room);
  }

  listen(listener: FanoutListener): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#listeners.length = 0;
    this.#shards.close();
    for (const batcher of [this.#events, this.#presence, this.#control]) batcher.flush();
    await this.#link.close();
  }

  #openBatcher(exchange: string): TickBatcher {
    return new TickBatcher({ send: (key, items) => this.#send(exchange, key, items), portion, tick });
  }

  #offer(batcher: TickBatcher, key: string, item: RoomEvent | JsonValue): void {
    // Not even gathered: it would be dropped a tick later.
    if (!this.#link.isOpen) this.#hasDropped = true;
    else if (!batcher.add(key, JSON.stringify(item))) this.#drop('More was published at once than goes to other nodes');
  }

  #send(exchange: string, key: string, items: readonly string[]): void {
    const isTaken = this.#link.publish(exchange, key, writeEnvelope(this.#node, items));
    if (!isTaken) this.#drop('The broker takes less than is published; other nodes look it up');
    else if (this.#hasDropped) {
      this.#hasDropped = false;
      this.#tell((listener) => listener.onDropped?.());
    }
  }

  #drop(why: string): void {
    this.#hasDropped = true;
    this.#troubles.warn(why);
  }

  #becomeReady(): void {
    // What the connection before this one had been given, it may have taken with it.
    this.#hasDropped ||= this.#wasReady;
    this.#wasReady = true;
    this.#tell((listener) => listener.onReconnect?.());
  }

  #receive(exchange: string, content: Buffer): void {
    const envelope = readEnvelope(content);
    if (typeof envelope === 'string') {
      this.#troubles.warn(`A message of the broker was left alone: ${envelope}`);
      return;
    }
    const { node, items } = envelope;
    if (node === this.#node) return;
    for (const item of items) {
      if (exchange === exchanges.control)
        this.#tell((listener) => this.#note(listener.control?.(item as JsonValue, node)));
      else this.#receiveInRoom(exchange, item, node);
    }
  }

  #receiveInRoom(exchange: string, item: unknown, node: string): void {
    if (exchange === exchanges.events && isRoomEvent(item)) {
      if (this.#shards.watches(item.room)) this.#tell((listener) => listener.event(item));
    } else if (exchange === exchanges.presence && isRoomMessage(item)) {
      const { room, message } = item;
      if (this.#shards.watches(room)) this.#tell((listener) => this.#note(listener.presence?.(room, message, node)));
    } else {
      this.#troubles.warn('A message of the broker was left alone: it is malformed');
    }
  }

  #note(isUnderstood: boolean | undefined): void {
    if (isUnderstood === false)
      this.#troubles.warn('What another node published was left alone: it means nothing here');
  }

  /** What a listener throws must neither end the connection nor keep the others from hearing. */
  #tell(say: (listener: FanoutListener) => void): void {
    for (const listener of this.#listeners) {
      try {
        say(listener);
      } catch (error) {
        this.#log.error('What another node published could not be dealt with', { cause: error });
      }
    }
  }
}
