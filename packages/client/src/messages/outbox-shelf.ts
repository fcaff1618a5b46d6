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

function isShelved(item: unknown): item is Shelved {
  if (typeof item !== 'object' || item === null) return false;
  const { id, body, at } = item as Partial<Record<keyof Shelved, unknown>>;
  return [id, body, at].every((text) => typeof text === 'string');
}

/** The messages of a text that was stored; whatever else stands there is passed over. */
function readShelf(text: string): Shelf {
  const stored = JSON.parse(text) as Record<string, unknown> | null;
  const rooms = Object.entries(stored ?? {}).map(([room, items]): [string, Shelved[]] => [
    room,
    Array.isArray(items) ? items.filter(isShelved) : [],
  ]);
  return Object.fromEntries(rooms.filter(([, items]) => items.length > 0));
}

const keyOf = (userId: string) => `parlour.outbox.${userId}`;

/**
 * Keeps the unsent messages of one person over a reload of the page. Each person has their own shelf, so that nobody
 * who signs in next in the same tab sends what another wrote. Several clients of one page share it: each changes only
 * what it put there or found there.
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
    this.#key = keyOf(userId);
    this.#shelf = this.#read();
    return new Map(Object.entries(this.#shelf).map(([room, items]) => [room, items.map(unshelve)]));
  }

  /** The person is gone for good from here: nothing that they wrote is kept. */
  empty(userId: string): void {
    this.#shelf = {};
    this.#store(keyOf(userId), {});
  }

  /** Nobody is known to write: what comes now is not kept. */
  close(): void {
    this.#key = undefined;
    this.#shelf = {};
  }

  put(room: string, pending: readonly PendingMessage[]): void {
    const before = this.#shelf[room] ?? [];
    if (pending.length === 0 && before.length === 0) return;
    const now = pending.map(shelve);
    this.#shelf[room] = now;
    if (this.#key === undefined) return;
    const { [room]: stored = [], ...rest } = this.#read();
    const own = new Set([...before, ...now].map(({ id }) => id));
    const items = [...stored.filter(({ id }) => !own.has(id)), ...now];
    this.#store(this.#key, items.length > 0 ? { ...rest, [room]: items } : rest);
  }

  #read(): Shelf {
    try {
      return readShelf(this.#storage.getItem(this.#key ?? '') ?? '{}');
    } catch {
      return {};
    }
  }

  /** A full or forbidden storage costs only the safety net: the messages are in memory still. */
  #store(key: string, shelf: Shelf): void {
    try {
      if (Object.keys(shelf).length === 0) this.#storage.removeItem(key);
      else this.#storage.setItem(key, JSON.stringify(shelf));
    } catch {
      return;
    }
  }
}
