/** Whoever has not answered so many questions, each with so many milliseconds to answer, has nobody left there. */
const askTimes = 3;
const answerTime = 3_000;

export type AskedNodesOptions = {
  ask(room: string): void;
  /** A node was asked again and again, and has not answered. */
  onUnanswered(room: string, node: string): void;
};

/**
 * The nodes that are believed to have people in a room, and were asked anew for them. One that has nobody left there does not
 * hear of the room any more, and so does not answer.
 */
export class AskedNodes {
  readonly #options: AskedNodesOptions;
  readonly #rooms = new Map<string, Set<string>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: AskedNodesOptions) {
    this.#options = options;
  }

  /** Asks in these rooms, and waits for these nodes. */
  ask(rooms: ReadonlyMap<string, Set<string>>): void {
    for (const [room, nodes] of rooms) {
      this.#rooms.set(room, nodes);
      this.#options.ask(room);
    }
    this.#wait(askTimes);
  }

  /** It has somebody there, or says itself that it has nobody. */
  answered(room: string, node: string): void {
    this.#rooms.get(room)?.delete(node);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #wait(times: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (times === 1) return this.#end();
      for (const [room, nodes] of this.#rooms) if (nodes.size > 0) this.#options.ask(room);
      this.#wait(times - 1);
    }, answerTime);
  }

  #end(): void {
    for (const [room, nodes] of this.#rooms) {
      for (const node of nodes) this.#options.onUnanswered(room, node);
      // Whoever heard none of these questions hears this one, or has missed so much by now that it tells everything anew. Where
      // the answer is that they are there, it comes before anybody was told otherwise.
      if (nodes.size > 0) this.#options.ask(room);
    }
    this.#rooms.clear();
  }
}
