import { type ErrorCode, isErrorCode, ParlourError } from '@parlour/protocol/errors';
import type { OutboxStorage } from './outbox-storage.ts';
import type { PendingMessage } from './pending-message.ts';

type Shelved = { id: string; body: string; data?: unknown; at: string; failed?: { code: ErrorCode; detail: string } };
/** By room: a map, since a room may be called like what every object has. */
type Shelf = ReadonlyMap<string, readonly Shelved[]>;

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
  return new Map(rooms.filter(([, items]) => items.length > 0));
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
  /** What this client put there or found there, by room. */
  #own = new Map<string, readonly Shelved[]>();

  constructor(storage: OutboxStorage) {
    this.#storage = storage;
  }

  /** What this person had not sent, by room. */
  open(userId: string): ReadonlyMap<string, PendingMessage[]> {
    this.#key = keyOf(userId);
    this.#own = new Map(this.#read());
    return new Map([...this.#own].map(([room, items]) => [room, items.map(unshelve)]));
  }

  /** The person is gone for good from here: nothing that they wrote is kept. */
  empty(userId: string): void {
    this.#own.clear();
    this.#store(keyOf(userId), new Map());
  }

  /** Nobody is known to write: what comes now is not kept. */
  close(): void {
    this.#key = undefined;
    this.#own.clear();
  }

  put(room: string, pending: readonly PendingMessage[]): void {
    if (this.#key === undefined) return;
    const before = this.#own.get(room) ?? [];
    if (pending.length === 0 && before.length === 0) return;
    const now = pending.map(shelve);
    this.#own.set(room, now);
    const own = new Set([...before, ...now].map(({ id }) => id));
    const stored = new Map(this.#read());
    stored.set(room, [...(stored.get(room) ?? []).filter(({ id }) => !own.has(id)), ...now]);
    this.#store(this.#key, stored);
  }

  #read(): Shelf {
    try {
      return readShelf(this.#storage.getItem(this.#key ?? '') ?? '{}');
    } catch {
      return new Map();
    }
  }

  /** A full or forbidden storage costs only the safety net: the messages are in memory still. */
  #store(key: string, shelf: Shelf): void {
    try {
      const kept = [...shelf].filter(([, items]) => items.length > 0);
      if (kept.length === 0) this.#storage.removeItem(key);
      else this.#storage.setItem(key, JSON.stringify(Object.fromEntries(kept)));
    } catch {
      return;
    }
  }
}
