/** Calls each listener; one that throws disturbs neither the others nor the client, and its error still shows. */
export class Listeners<Value> {
  readonly #listeners = new Set<(value: Value) => void>();

  add(listener: (value: Value) => void): () => void {
    const own = (value: Value) => listener(value);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  call(value: Value): void {
    for (const listener of this.#listeners) {
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
