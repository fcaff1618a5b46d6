/** Allows `perSecond` on average and `burst` at once. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #filledAt: number;

  constructor(perSecond: number, burst: number, now: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#filledAt = now;
  }

  /** Takes as many tokens as something cost after all, as far as there are any. */
  charge(tokens: number): void {
    this.#tokens = Math.max(0, this.#tokens - tokens);
  }

  /** Takes one token. Returns 0, or after how many seconds there will be one. */
  take(now: number): number {
    const earned = (Math.max(0, now - this.#filledAt) / 1_000) * this.#perSecond;
    this.#tokens = Math.min(this.#burst, this.#tokens + earned);
    this.#filledAt = now;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return 0;
    }
    return (1 - this.#tokens) / this.#perSecond;
  }

  /** Whether nothing was taken that has not grown back, so that the bucket can be forgotten. */
  isFull(now: number): boolean {
    return this.#tokens + ((now - this.#filledAt) / 1_000) * this.#perSecond >= this.#burst;
  }
}
