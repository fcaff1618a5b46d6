/** What begins in one turn of the event loop: some two milliseconds of signatures, not those of everybody who comes at once. */
const eachTurn = 32;

/** Lets what a crowd asks for begin some at a time, in the order in which it came; between them the event loop goes on (I10). */
export class Pace {
  #begun = 0;
  #waiting: (() => void)[] = [];

  /** Resolves when one more may begin: at once, unless many others have begun in this turn. */
  begin(): Promise<void> {
    if (this.#begun === eachTurn) return new Promise((resolve) => this.#waiting.push(resolve));
    if (this.#begun === 0) setImmediate(() => this.#turn());
    this.#begun += 1;
    return Promise.resolve();
  }

  #turn(): void {
    const next = this.#waiting.splice(0, eachTurn);
    this.#begun = next.length;
    if (next.length > 0) setImmediate(() => this.#turn());
    for (const resolve of next) resolve();
  }
}
