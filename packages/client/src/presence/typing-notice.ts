import { limits } from '@parlour/protocol/limits';

/** Lets one typing notice through every `limits.typingInterval`; the server would drop the others anyway. */
export class TypingNotice {
  readonly #now: () => number;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(now: () => number) {
    this.#now = now;
  }

  isDue(): boolean {
    const now = this.#now();
    if (now - this.#lastAt < limits.typingInterval) return false;
    this.#lastAt = now;
    return true;
  }
}
