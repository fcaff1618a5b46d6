export type Revocation =
  | { number: number; kind: 'grant'; grantId: string; user: string; reason: string }
  | { number: number; kind: 'membership'; user: string; room: string }
  | { number: number; kind: 'role'; user: string; role: string };

export type RevocationSource = {
  /** The last number in the log. */
  readLast(): Promise<number>;
  /** The log's rows after a number, in order, at most some hundreds. */
  readAfter(number: number): Promise<Revocation[]>;
};

export type RevocationReaderOptions = {
  log: RevocationSource;
  apply(revocation: Revocation): void;
  /** The log was read to its end just now: what was held may go. */
  onFresh(): void;
  /** The log could not be read for too long: no socket may be kept. */
  onDead(): void;
  onError(error: unknown): void;
  /** Milliseconds; both may jump apart, since monotonic time stops while a machine sleeps. */
  time?: { monotonic(): number; wall(): number };
};

// The promise is every 250 ms (I7); this leaves time for the reading and the closing within them. An idle node does
// hardly anything else, so it is no shorter.
const interval = 150;
const watchInterval = 250;
const freshFor = 1_000;
const aliveFor = 5_000;

/**
 * Follows the revocation log. It vouches for every login of this node only as long as its last good reading *began* less
 * than a second ago (I7): a node that was paused, cut off or slow delivers nothing on stale trust.
 */
export class RevocationReader {
  readonly #options: RevocationReaderOptions;
  readonly #time: { monotonic(): number; wall(): number };
  #began: { monotonic: number; wall: number } | undefined;
  #last = 0;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #again = false;
  #stopped = false;
  #watch: NodeJS.Timeout | undefined;

  constructor(options: RevocationReaderOptions) {
    this.#options = options;
    this.#time = options.time ?? { monotonic: () => performance.now(), wall: () => Date.now() };
  }

  async start(): Promise<void> {
    const began = this.#now();
    this.#last = await this.#options.log.readLast();
    this.#began = began;
    this.#schedule();
    // Apart from the reading, which may itself hang.
    this.#watch = setInterval(() => {
      if (this.#age() > aliveFor) this.#options.onDead();
    }, watchInterval);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    await this.#reading;
  }

  get isFresh(): boolean {
    return this.#age() <= freshFor;
  }

  /** Reads now instead of at the next beat: for whoever just wrote to the log. */
  hurry(): void {
    if (this.#stopped) return;
    if (this.#reading !== undefined) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#reading = this.#read().finally(() => {
      this.#reading = undefined;
      if (this.#stopped) return;
      if (this.#again) {
        this.#again = false;
        this.hurry();
      } else {
        this.#schedule();
      }
    });
  }

  #schedule(): void {
    this.#timer = setTimeout(() => this.hurry(), interval);
  }

  async #read(): Promise<void> {
    const began = this.#now();
    try {
      for (;;) {
        const rows = await this.#options.log.readAfter(this.#last);
        for (const row of rows) {
          this.#options.apply(row);
          this.#last = row.number;
        }
        if (rows.length === 0) break;
      }
      this.#began = began;
      if (this.isFresh) this.#options.onFresh();
    } catch (error) {
      this.#options.onError(error);
    }
  }

  #now() {
    return { monotonic: this.#time.monotonic(), wall: this.#time.wall() };
  }

  #age(): number {
    if (this.#began === undefined) return Number.POSITIVE_INFINITY;
    const now = this.#now();
    return Math.max(now.monotonic - this.#began.monotonic, now.wall - this.#began.wall);
  }
}
