import type { RoomEvent, RoomEventKind } from '@parlour/protocol/events';

const known: Record<RoomEventKind, true> = { message: true, member: true };

/**
 * A stretch of a room's events, strictly in `seq` order and with none missing (A11, fault 7). Kinds that this client
 * does not know are counted and not kept.
 */
export class EventLog {
  #events: RoomEvent[] = [];
  #first: number | undefined;
  #last: number | undefined;

  /** The number of the event applied last; undefined as long as nothing is known, not even where to start. */
  get last(): number | undefined {
    return this.#last;
  }

  /** Everything from this number up to `last` was seen. */
  get first(): number | undefined {
    return this.#first;
  }

  /** Whether the room has events before those that are here. */
  get hasOlder(): boolean {
    return this.#first !== undefined && this.#first > 1;
  }

  list(): readonly RoomEvent[] {
    return [...this.#events];
  }

  hasMessage(id: string, author: string | undefined): boolean {
    return this.#events.some((event) => event.event === 'message' && event.id === id && event.author.id === author);
  }

  /** Starts after this number, with no event yet. */
  startAfter(seq: number): void {
    this.#events = [];
    this.#first = seq + 1;
    this.#last = seq;
  }

  /** Starts from a page of the history, from old to new. */
  startFrom(page: readonly RoomEvent[]): void {
    const [oldest] = page;
    this.startAfter(oldest === undefined ? 0 : oldest.seq - 1);
    for (const event of page) this.apply(event);
  }

  apply(event: RoomEvent): 'applied' | 'duplicate' | 'gap' {
    if (this.#last === undefined || event.seq > this.#last + 1) return 'gap';
    if (event.seq <= this.#last) return 'duplicate';
    this.#last = event.seq;
    if (Object.hasOwn(known, event.event)) this.#events.push(event);
    return 'applied';
  }

  /** Puts an older page in front, as far as it borders on what is here. */
  prepend(page: readonly RoomEvent[]): void {
    let next = (this.#first ?? 1) - 1;
    const older: RoomEvent[] = [];
    for (const event of page.toReversed()) {
      if (event.seq !== next) continue;
      next -= 1;
      if (Object.hasOwn(known, event.event)) older.push(event);
    }
    this.#first = next + 1;
    this.#events = [...older.toReversed(), ...this.#events];
  }

  /** Forgets all but the newest `count` events, for a room that nobody looks at. */
  trim(count: number): void {
    if (this.#events.length <= count) return;
    this.#events = this.#events.slice(-count);
    this.#first = this.#events[0]?.seq ?? this.#first;
  }

  clear(): void {
    this.#events = [];
    this.#first = undefined;
    this.#last = undefined;
  }
}
