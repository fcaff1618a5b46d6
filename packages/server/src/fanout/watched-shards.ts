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
  /** By shard, its rooms that are watched, and by how many. */
  readonly #shards = new Map<string, Map<string, number>>();
  readonly #leaving = new Map<string, NodeJS.Timeout>();

  constructor(options: WatchedShardsOptions) {
    this.#options = options;
  }

  /** All that are to be bound, those that linger included. */
  list(): string[] {
    return [...this.#shards.keys(), ...this.#leaving.keys()];
  }

  /** The rooms of a shard that are watched. */
  listRooms(shard: string): string[] {
    return [...(this.#shards.get(shard)?.keys() ?? [])];
  }

  /** Another room may share its shard, but nobody asked for that one. */
  watches(room: string): boolean {
    return this.#shards.get(shardOf(room))?.has(room) ?? false;
  }

  watch(room: string): void {
    const shard = shardOf(room);
    const rooms = this.#shards.get(shard);
    if (rooms !== undefined) {
      rooms.set(room, (rooms.get(room) ?? 0) + 1);
      return;
    }
    this.#shards.set(shard, new Map([[room, 1]]));
    clearTimeout(this.#leaving.get(shard));
    if (!this.#leaving.delete(shard)) this.#options.bind(shard);
  }

  unwatch(room: string): void {
    const shard = shardOf(room);
    const rooms = this.#shards.get(shard);
    const watchers = rooms?.get(room);
    if (rooms === undefined || watchers === undefined) return;
    if (watchers > 1) rooms.set(room, watchers - 1);
    else rooms.delete(room);
    if (rooms.size === 0) this.#leave(shard);
  }

  close(): void {
    for (const timer of this.#leaving.values()) clearTimeout(timer);
    this.#leaving.clear();
  }

  #leave(shard: string): void {
    const { unbind, linger } = this.#options;
    this.#shards.delete(shard);
    const end = () => {
      this.#leaving.delete(shard);
      unbind(shard);
    };
    this.#leaving.set(shard, setTimeout(end, linger).unref());
  }
}
