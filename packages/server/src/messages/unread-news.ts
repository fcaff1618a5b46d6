/** Milliseconds between two tellings: the first goes at once, and what comes meanwhile goes together. */
const interval = 250;
/** Names in one message, so that it fits what the broker is given at once. */
const portion = 1_000;

/** Whose read state moved, and in which room. */
export type ReadMark = [user: string, room: string];

export type UnreadNewsOptions = {
  tellMessages(rooms: string[]): void;
  tellMarks(marks: ReadMark[]): void;
};

/**
 * Tells other nodes what may have become unread there: of a room, only that there is something new. Every node hears it,
 * whoever is connected there, so what is told grows with the rooms that are written in and not with messages or people.
 */
export class UnreadNews {
  readonly #options: UnreadNewsOptions;
  readonly #rooms = new Set<string>();
  readonly #marks = new Map<string, ReadMark>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: UnreadNewsOptions) {
    this.#options = options;
  }

  messageIn(room: string): void {
    this.#rooms.add(room);
    this.#schedule();
  }

  marked(user: string, room: string): void {
    this.#marks.set(`${user} ${room}`, [user, room]);
    this.#schedule();
  }

  /** Tells what is left. */
  close(): void {
    clearTimeout(this.#timer);
    this.#tell();
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    this.#tell();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#rooms.size + this.#marks.size > 0) this.#schedule();
    }, interval);
  }

  #tell(): void {
    const { tellMessages, tellMarks } = this.#options;
    for (const rooms of inPortions([...this.#rooms])) tellMessages(rooms);
    for (const marks of inPortions([...this.#marks.values()])) tellMarks(marks);
    this.#rooms.clear();
    this.#marks.clear();
  }
}

function inPortions<Item>(items: readonly Item[]): Item[][] {
  const portions: Item[][] = [];
  for (let from = 0; from < items.length; from += portion) portions.push(items.slice(from, from + portion));
  return portions;
}
