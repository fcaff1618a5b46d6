export type TickBatcherOptions = {
  /** Gets what one tick gathered for a key, in order, in portions within the limit. */
  send(key: string, items: readonly string[]): void;
  /** Bytes of one portion. */
  portion: number;
  /** Bytes that one tick may gather over all keys. */
  tick: number;
};

type Batch = { items: string[]; bytes: number };

/** Gathers what is published in one tick, because a message to the broker costs more than what it carries. */
export class TickBatcher {
  readonly #options: TickBatcherOptions;
  readonly #batches = new Map<string, Batch>();
  #bytes = 0;
  #timer: NodeJS.Immediate | undefined;

  constructor(options: TickBatcherOptions) {
    this.#options = options;
  }

  /** Whether there was room for it. */
  add(key: string, item: string): boolean {
    const { portion, tick } = this.#options;
    const bytes = Buffer.byteLength(item) + 1;
    if (bytes > portion || this.#bytes + bytes > tick) return false;
    this.#bytes += bytes;
    this.#put(key, item, bytes);
    this.#timer ??= setImmediate(() => this.flush());
    return true;
  }

  flush(): void {
    clearImmediate(this.#timer);
    this.#timer = undefined;
    this.#bytes = 0;
    const batches = [...this.#batches];
    this.#batches.clear();
    for (const [key, { items }] of batches) this.#options.send(key, items);
  }

  #put(key: string, item: string, bytes: number): void {
    const batch = this.#batches.get(key);
    if (batch !== undefined && batch.bytes + bytes <= this.#options.portion) {
      batch.items.push(item);
      batch.bytes += bytes;
      return;
    }
    if (batch !== undefined) this.#options.send(key, batch.items);
    this.#batches.set(key, { items: [item], bytes });
  }
}
