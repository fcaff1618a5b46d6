import type { Clock } from '../clock.ts';

type Guesses = { count: number; waitUntil: number; lastAt: number };
type GuessDelayOptions = { clock: Clock; keyMaximum?: number };

/** Guesses without any delay, and how long the delay may grow to, in milliseconds. */
const free = 10;
const longest = 5 * 60 * 1_000;
/** After so long without a guess it begins anew. */
const forgottenAfter = 24 * 60 * 60 * 1_000;

/** Wrong guesses at one thing, wherever they come from: each further one has to wait twice as long as the last. */
export class GuessDelay {
  readonly #clock: Clock;
  readonly #keyMaximum: number;
  readonly #guesses = new Map<string, Guesses>();

  constructor({ clock, keyMaximum = 20_000 }: GuessDelayOptions) {
    this.#clock = clock;
    this.#keyMaximum = keyMaximum;
  }

  /** Milliseconds until the next guess is taken. */
  waitOf(key: string): number {
    return Math.max(0, (this.#find(key)?.waitUntil ?? 0) - this.#clock.now());
  }

  /**
   * Counts a guess before it is judged, so that many at once are not many for the price of one. The answer takes it
   * back, where it was right or was not judged at all.
   */
  count(key: string): () => void {
    const now = this.#clock.now();
    const guesses = this.#find(key) ?? { count: 0, waitUntil: 0, lastAt: now };
    const { waitUntil: before } = guesses;
    guesses.count += 1;
    const wait = guesses.count < free ? 0 : Math.min(longest, 1_000 * 2 ** (guesses.count - free));
    const waitUntil = now + wait;
    Object.assign(guesses, { waitUntil, lastAt: now });
    this.#put(key, guesses);
    return () => {
      guesses.count -= 1;
      if (guesses.waitUntil === waitUntil) guesses.waitUntil = before;
      if (guesses.count === 0 && this.#guesses.get(key) === guesses) this.#guesses.delete(key);
    };
  }

  #find(key: string): Guesses | undefined {
    const found = this.#guesses.get(key);
    return found === undefined || this.#clock.now() - found.lastAt > forgottenAfter ? undefined : found;
  }

  // The one that was silent longest goes first. Each entry cost a hash, so nobody drives one out in a hurry.
  #put(key: string, guesses: Guesses): void {
    this.#guesses.delete(key);
    this.#guesses.set(key, guesses);
    for (const oldest of this.#guesses.keys()) {
      if (this.#guesses.size <= this.#keyMaximum) break;
      this.#guesses.delete(oldest);
    }
  }
}
