/** A map that mostly has one entry. A `Map` takes 184 bytes for it, this takes 56; each connection has one. */
export class SmallMap<Key extends string, Value extends object> {
  #key: Key | undefined;
  #value: Value | undefined;
  /** All entries where there are several. */
  #several: Map<Key, Value> | undefined;

  get size(): number {
    return this.#several?.size ?? (this.#key === undefined ? 0 : 1);
  }

  has(key: Key): boolean {
    return this.#several?.has(key) ?? this.#key === key;
  }

  get(key: Key): Value | undefined {
    if (this.#several !== undefined) return this.#several.get(key);
    return this.#key === key ? this.#value : undefined;
  }

  set(key: Key, value: Value): this {
    if (this.#several !== undefined) this.#several.set(key, value);
    else if (this.#key === undefined || this.#key === key) this.#keep(key, value);
    else {
      this.#several = new Map(this.#value === undefined ? [] : [[this.#key, this.#value]]).set(key, value);
      this.#keep(undefined, undefined);
    }
    return this;
  }

  delete(key: Key): boolean {
    if (!this.has(key)) return false;
    this.#keep(undefined, undefined);
    this.#several?.delete(key);
    if (this.#several?.size === 0) this.#several = undefined;
    return true;
  }

  values(): Iterable<Value> {
    return this.#several?.values() ?? (this.#value === undefined ? [] : [this.#value]);
  }

  #keep(key: Key | undefined, value: Value | undefined): void {
    this.#key = key;
    this.#value = value;
  }
}
