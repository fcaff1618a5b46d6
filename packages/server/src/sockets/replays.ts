import type { RoomEvent } from '@parlour/protocol/events';
import { Places } from '../places.ts';
import { encodeEvent } from './shared-frame.ts';

export type ReplayLog = {
  /** A room's events after a seq, old to new, whoever asks. */
  readPage(room: string, after: number, size: number): Promise<RoomEvent[]>;
  isMember(room: string, user: string): Promise<boolean>;
};

export type ReplayedEvent = { seq: number; frame: Buffer };
export type PageRequest = {
  room: string;
  user: string;
  after: number;
  size: number;
  /** The last seq that the asking channel knows of: a page that ends before it and is not full hides something. */
  head: number;
};

type Page = { events: readonly ReplayedEvent[]; isFull: boolean; end: number; bytes: number };
type Entry = { page: Promise<Page>; readAt: number; settled: Page | undefined };

const lifetime = 1_000;
const memory = 16 * 1024 * 1024;
const underWayMaximum = 32;
/** What a page takes beside its frames, so that empty ones are bounded too. */
const bytesAPage = 512;

/**
 * What people missed who come back: a crowd from one room asks for the same pages, so each is read and encoded once and kept
 * for a moment. Who may have it is looked up for each of them, after it was read and never before: then whoever is a member
 * was not removed before anything that the page tells of (I5).
 */
export class Replays {
  readonly #log: ReplayLog;
  readonly #now: () => number;
  /** In the order in which they were read. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;
  #sweep: NodeJS.Timeout | undefined;
  readonly #places = new Places(underWayMaximum);

  constructor(log: ReplayLog, now = () => performance.now()) {
    this.#log = log;
    this.#now = now;
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Runs what brings one page to one peer; so many at a time that no crowd holds the event loop (I10). */
  async inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    return await this.#places.run(work);
  }

  /** The events after `after` as frames to be shared; undefined for those who are no member (any more). */
  async read(request: PageRequest): Promise<readonly ReplayedEvent[] | undefined> {
    const { events } = await this.#find(request);
    return (await this.#log.isMember(request.room, request.user)) ? events : undefined;
  }

  /** What events say has changed, as a person's name does: from here on they are read anew. */
  forget(): void {
    this.#entries.clear();
    this.#bytes = 0;
  }

  #find(request: PageRequest): Promise<Page> {
    const { room, after, size, head } = request;
    const key = `${room} ${after} ${size}`;
    const found = this.#entries.get(key);
    if (found !== undefined && this.#isFresh(found) && !hides(found.settled, head)) return found.page;
    if (found !== undefined) this.#drop(key, found);
    const entry: Entry = { page: this.#readPage(request), readAt: this.#now(), settled: undefined };
    this.#entries.set(key, entry);
    this.#sweepLater();
    entry.page.then(
      (page) => this.#settle(key, entry, page),
      () => this.#drop(key, entry),
    );
    return entry.page;
  }

  async #readPage({ room, after, size }: PageRequest): Promise<Page> {
    const listed = await this.#log.readPage(room, after, size);
    const events = listed.map((event) => ({ seq: event.seq, frame: encodeEvent(event) }));
    const bytes = events.reduce((sum, { frame }) => sum + frame.length, bytesAPage);
    return { events, isFull: events.length === size, end: events.at(-1)?.seq ?? after, bytes };
  }

  #settle(key: string, entry: Entry, page: Page): void {
    // It may have been forgotten while it was read.
    if (this.#entries.get(key) !== entry) return;
    entry.settled = page;
    this.#bytes += page.bytes;
    for (const [oldKey, old] of this.#entries) {
      if (this.#bytes <= memory) break;
      if (old.settled !== undefined) this.#drop(oldKey, old);
    }
  }

  #drop(key: string, entry: Entry): void {
    if (this.#entries.get(key) !== entry) return;
    this.#entries.delete(key);
    this.#bytes -= entry.settled?.bytes ?? 0;
  }

  #isFresh({ readAt }: Entry): boolean {
    return this.#now() - readAt < lifetime;
  }

  /** Memory goes also where nobody asks any more. */
  #sweepLater(): void {
    this.#sweep ??= setTimeout(() => {
      this.#sweep = undefined;
      for (const [key, entry] of this.#entries) if (!this.#isFresh(entry)) this.#drop(key, entry);
      if (this.#entries.size > 0) this.#sweepLater();
    }, lifetime).unref();
  }
}

/** Whether somebody who knows of `head` would wait in vain for what the page lacks. */
function hides(page: Page | undefined, head: number): boolean {
  return page !== undefined && !page.isFull && page.end < head;
}
