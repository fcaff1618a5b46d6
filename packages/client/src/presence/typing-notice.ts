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
    // A clock that was set back is behind the last notice: that is no reason to wait for it.
    if (now >= this.#lastAt && now - this.#lastAt < limits.typingInterval) return false;
    this.#lastAt = now;
    return true;
  }
}
