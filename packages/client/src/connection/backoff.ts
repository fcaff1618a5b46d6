/** How attempts are spaced, in milliseconds. */
export type RetryOptions = {
  /** The longest that the first retry waits; 500 when not given. It doubles with each. */
  interval?: number;
  /** The longest that any retry waits; 30,000 when not given. */
  longest?: number;
  /** How many retries in a row before it gives up; without it, it never does. */
  times?: number;
};

/** Exponential backoff with full jitter, so that a thousand clients do not come back at the same moment. */
export class Backoff {
  readonly #interval: number;
  readonly #longest: number;
  readonly #times: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(random: () => number, options: RetryOptions = {}) {
    this.#random = random;
    this.#interval = options.interval ?? 500;
    this.#longest = options.longest ?? 30_000;
    this.#times = options.times ?? Number.POSITIVE_INFINITY;
  }

  get failures(): number {
    return this.#failures;
  }

  get exhausted(): boolean {
    return this.#failures >= this.#times;
  }

  /** How long to wait now, at least `minimum`: what the server asked for is never undercut, and still spread. */
  next(minimum = 0): number {
    const ceiling = Math.min(this.#longest, this.#interval * 2 ** this.#failures);
    this.#failures += 1;
    return minimum + this.#random() * ceiling;
  }

  reset(): void {
    this.#failures = 0;
  }
}
