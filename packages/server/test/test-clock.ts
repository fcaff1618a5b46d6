import type { Clock } from '../src/clock.ts';

/** A time that stands still until a test moves it. */
export class TestClock implements Clock {
  #now = Date.now();

  now(): number {
    return this.#now;
  }

  /** Milliseconds. */
  advance(by: number): void {
    this.#now += by;
  }
}
