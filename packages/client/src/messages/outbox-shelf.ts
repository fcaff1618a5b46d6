import { type ErrorCode, isErrorCode, ParlourError } from '@parlour/protocol/errors';
import type { OutboxStorage } from './outbox-storage.ts';
import type { PendingMessage } from './pending-message.ts';

type Shelved = { id: string; body: string; data?: unknown; at: string; failed?: { code: ErrorCode; detail: string } };
type Shelf = Record<string, Shelved[]>;

function shelve({ id, body, data, at, error }: PendingMessage): Shelved {
  return {
    id,
    body,
    at,
    ...(data === undefined ? {} : { data }),
    ...(error ? { failed: { code: error.code, detail: error.message } } : {}),
  };
}

function unshelve({ id, body, data, at, failed }: Shelved): PendingMessage {
  const message = { id, body, at, ...(data === undefined ? {} : { data }) };
  if (!failed || !isErrorCode(failed.code)) return { ...message, state: 'waiting' };
  return { ...message, state: 'failed', error: new ParlourError(failed.code, failed.detail) };
}

function isShelf(shelf: unknown): shelf is Shelf {
  return typeof shelf === 'object' && shelf !== null && Object.values(shelf).every(Array.isArray);
}

/**
 * Keeps the unsent messages of one person over a reload of the page. Each person has their own shelf, so that nobody
 * who signs in next in the same tab sends what another wrote.
 */
export class OutboxShelf {
  readonly #storage: OutboxStorage;
  #key: string | undefined;
  #shelf: Shelf = {};

  constructor(storage: OutboxStorage) {
    this.#storage = storage;
  }

  /** What this person had not sent, by room. */
  open(userId: string): ReadonlyMap<string, PendingMessage[]> {
    this.#key = `parlour.outbox.${userId}`;
    this.#shelf = this.#read();
    return new Map(Object.entries(this.#shelf).map(([room, items]) => [room, items.map(unshelve)]));
  }

  /** The person is gone for good from here: nothing that they wrote is kept. */
  empty(): void {
    this.#shelf = {};
    this.#write();
  }

  /** Nobody is known to write: what comes now is not kept. */
  close(): void {
    this.#key = undefined;
    this.#shelf = {};
  }

  put(room: string, pending: readonly PendingMessage[]): void {
    if (pending.length > 0) this.#shelf[room] = pending.map(shelve);
    else if (Object.hasOwn(this.#shelf, room)) delete this.#shelf[room];
    else return;
    this.#write();
  }

  #read(): Shelf {
    try {
      const shelf: unknown = JSON.parse(this.#storage.getItem(this.#key ?? '') ?? '{}');
      return isShelf(shelf) ? shelf : {};
    } catch {
      return {};
    }
  }

  /** A full or forbidden storage costs only the safety net: the messages are in memory still. */
  #write(): void {
    if (this.#key === undefined) return;
    try {
      if (Object.keys(this.#shelf).length === 0) this.#storage.removeItem(this.#key);
      else this.#storage.setItem(this.#key, JSON.stringify(this.#shelf));
    } catch {
      return;
    }
  }
}
