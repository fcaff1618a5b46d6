/** Milliseconds of a turn of the event loop in which what a crowd asks for begins and goes on. */
const share = 8;

/**
 * Lets what a crowd asks for run some at a time, in the order in which it came; between them the event loop goes on (I10).
 * By time and not by number: what runs for the first time, or on a processor that others use too, takes many times as long.
 */
export class Pace {
  readonly #now: () => number;
  readonly #beginning: (() => void)[] = [];
  readonly #goingOn: (() => void)[] = [];
  /** When the first ran in this turn of the loop; undefined while none has. */
  #since: number | undefined;
  #isScheduled = false;
  #isRunning = false;

  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** How many wait to begin. */
  get waiting(): number {
    return this.#beginning.length;
  }

  /** Resolves when one more may begin: at once, unless others wait or have used this turn's share up. */
  begin(): Promise<void> {
    return this.#isEmpty && this.#hasTime() ? Promise.resolve() : wait(this.#beginning);
  }

  /** The same for a part of what has begun, which goes before what has not: so little is under way at a time. */
  goOn(): Promise<void> {
    if (!this.#isRunning) {
      this.#isRunning = true;
      process.nextTick(() => void this.#run(this.#next()));
    }
    return wait(this.#goingOn);
  }

  get #isEmpty(): boolean {
    return this.#beginning.length + this.#goingOn.length === 0;
  }

  #hasTime(): boolean {
    this.#since ??= this.#now();
    this.#schedule();
    return this.#now() - this.#since < share;
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => void this.#endTurn());
  }

  async #endTurn(): Promise<void> {
    this.#isScheduled = false;
    this.#since ??= this.#now();
    // Whatever others take, somebody begins in each turn: nobody waits for ever.
    await this.#run(this.#beginning.shift() ?? this.#next());
    this.#since = undefined;
    if (!this.#isEmpty) this.#schedule();
  }

  async #run(first: (() => void) | undefined): Promise<void> {
    this.#isRunning = true;
    for (let start = first; start !== undefined; start = this.#next()) {
      start();
      await tick();
    }
    this.#isRunning = false;
  }

  #next(): (() => void) | undefined {
    if (this.#isEmpty || !this.#hasTime()) return undefined;
    return this.#goingOn.shift() ?? this.#beginning.shift();
  }
}

function wait(line: (() => void)[]): Promise<void> {
  return new Promise((resolve) => line.push(resolve));
}

/** Until all has run that waits for nothing but the processor, writing to sockets included. */
function tick(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
