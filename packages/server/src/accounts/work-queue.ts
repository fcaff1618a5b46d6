import { ParlourError } from '@parlour/protocol/errors';
import { Places } from '../places.ts';

/** Runs a set number of jobs at a time and lets a set number wait; whoever comes then is told to come back (I9). */
export class WorkQueue {
  readonly #places: Places;
  readonly #waitingMaximum: number;

  /** At least one must be able to wait. */
  constructor(atOnce: number, waitingMaximum: number) {
    this.#places = new Places(atOnce);
    this.#waitingMaximum = waitingMaximum;
  }

  /** Throws `busy`. */
  async run<Result>(job: () => Promise<Result>): Promise<Result> {
    if (this.#places.waiting >= this.#waitingMaximum) {
      throw new ParlourError('busy', 'Many people sign in right now. Try again in a few seconds.', { retryAfter: 3 });
    }
    return await this.#places.run(job);
  }
}
