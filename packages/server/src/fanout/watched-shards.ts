import { shardOf } from './shard.ts';

export type WatchedShardsOptions = {
  bind(shard: string): void;
  unbind(shard: string): void;
  /** Milliseconds that a shard stays bound after its last room went: people reload, and change rooms. */
  linger: number;
};

/** Which shards this node wants, by the rooms that it watches. */
export class WatchedShards {
  readonly #options: WatchedShardsOptions;
  readonly #rooms = new Map<string, number>();
  readonly #watchers = new Map<string, number>();
  readonly #leaving = new Map<string, NodeJS.Timeout>();

  constructor(options: WatchedShardsOptions) {
    this.#options = options;
  }

  /** All that are to be bound, those that linger included. */
  list(): string[] {
    return [...this.#watchers.keys(), ...this.#leaving.keys()];
  }

  /** Another room may share its shard, but nobody asked for that one. */
  watches(room: string): boolean {
    return this.#rooms.has(room);
  }

  watch(room: string): void {
    this.#rooms.set(room, (this.#rooms.get(room) ?? 0) + 1);
    const shard = shardOf(room);
    const watchers = this.#watchers.get(shard) ?? 0;
    this.#watchers.set(shard, watchers + 1);
    if (watchers > 0) return;
    const leaving = this.#leaving.get(shard);
    clearTimeout(leaving);
    if (!this.#leaving.delete(shard)) this.#options.bind(shard);
  }

  unwatch(room: string): void {
    const rooms = this.#rooms.get(room);
    if (rooms === undefined) return;
    if (rooms > 1) this.#rooms.set(room, rooms - 1);
    else this.#rooms.delete(room);
    const shard = shardOf(room);
    const watchers = this.#watchers.get(shard) ?? 0;
    if (watchers > 1) this.#watchers.set(shard, watchers - 1);
    else this.#leave(shard);
  }

  close(): void {
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
  }

  #leave(shard: string): void {
    const { unbind, linger } = this.#options;
    this.#watchers.delete(shard);
    const end = () => {
      this.#leaving.delete(shard);
      unbind(shard);
    };
    this.#leaving.set(shard, setTimeout(end, linger).unref());
  }
}
