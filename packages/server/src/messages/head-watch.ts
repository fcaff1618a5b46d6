export type HeadWatchOptions = {
  /** The rooms that somebody connected here is a member of. */
  listRooms(): readonly string[];
  readHeads(rooms: readonly string[]): Promise<Map<string, number>>;
  onMoved(room: string): void;
};

const chunk = 500;

/** Finds rooms in which something happened, by the database alone: for as long as other nodes are not heard. */
export class HeadWatch {
  readonly #options: HeadWatchOptions;
  readonly #heads = new Map<string, number>();

  constructor(options: HeadWatchOptions) {
    this.#options = options;
  }

  /** What was seen is of no use once the others are heard again. */
  forget(): void {
    this.#heads.clear();
  }

  /** A room that is seen for the first time may have moved unheard, so it counts as moved. */
  async check(): Promise<void> {
    const { listRooms, readHeads, onMoved } = this.#options;
    const rooms = listRooms();
    for (let from = 0; from < rooms.length; from += chunk) {
      for (const [room, head] of await readHeads(rooms.slice(from, from + chunk))) {
        if (this.#heads.get(room) !== head) onMoved(room);
        this.#heads.set(room, head);
      }
    }
  }
}
