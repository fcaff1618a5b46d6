import type { OutboxStorage } from '../src/messages/outbox-storage.ts';

/** What `sessionStorage` does, for one test. */
export class MemoryStorage implements OutboxStorage {
  readonly #items = new Map<string, string>();

  get size(): number {
    return this.#items.size;
  }

  get text(): string {
    return JSON.stringify([...this.#items]);
  }

  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }

  removeItem(key: string): void {
    this.#items.delete(key);
  }
}
