/** Calls each listener; one that throws disturbs neither the others nor the client, and its error still shows. */
export class Listeners<Value> {
  readonly #listeners = new Set<(value: Value) => void>();

  add(listener: (value: Value) => void): () => void {
    const own = (value: Value) => listener(value);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  call(value: Value): void {
    // Whoever is added meanwhile hears of the next one: a listener that ends itself and starts anew would never be done.
    for (const listener of [...this.#listeners]) {
      if (!this.#listeners.has(listener)) continue;
      try {
        listener(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
