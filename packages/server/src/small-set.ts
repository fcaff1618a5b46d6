/**
 * A set that mostly has one item. A `Set` takes 180 bytes for it, this takes 40; each connection and each person has some.
 */
export class SmallSet<Item extends string | object> implements Iterable<Item> {
  #only: Item | undefined;
  /** All of them where there are several. */
  #several: Set<Item> | undefined;

  constructor(only?: Item) {
    this.#only = only;
  }

  get size(): number {
    return this.#several?.size ?? (this.#only === undefined ? 0 : 1);
  }

  has(item: Item): boolean {
    return this.#several?.has(item) ?? this.#only === item;
  }

  add(item: Item): this {
    if (this.#several !== undefined) this.#several.add(item);
    else if (this.#only === undefined) this.#only = item;
    else if (this.#only !== item) {
      this.#several = new Set([this.#only, item]);
      this.#only = undefined;
    }
    return this;
  }

  delete(item: Item): boolean {
    if (!this.has(item)) return false;
    this.#only = undefined;
    this.#several?.delete(item);
    if (this.#several?.size === 0) this.#several = undefined;
    return true;
  }

  [Symbol.iterator](): Iterator<Item> {
    if (this.#several !== undefined) return this.#several.values();
    return (this.#only === undefined ? [] : [this.#only]).values();
  }
}
