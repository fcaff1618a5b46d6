import { ParlourError } from '@parlour/protocol/errors';

/** Runs a set number of jobs at a time and lets a set number wait; whoever comes then is told to come back (I9). */
export class WorkQueue {
  readonly #atOnce: number;
  readonly #waitingMaximum: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(atOnce: number, waitingMaximum: number) {
    this.#atOnce = atOnce;
    this.#waitingMaximum = waitingMaximum;
  }

  /** Throws `busy`. */
  async run<Result>(job: () => Promise<Result>): Promise<Result> {
    await this.#takeTurn();
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  async #takeTurn(): Promise<void> {
    if (this.#running < this.#atOnce) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= this.#waitingMaximum) {
      throw new ParlourError('busy', 'Many people sign in right now. Try again in a few seconds.', { retryAfter: 3 });
    }
    // Whoever ends hands its turn on, so #running stays as it is.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
