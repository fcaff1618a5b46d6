import { limits } from '@parlour/protocol/limits';
import type { Clock } from '../clock.ts';
import { TokenBucket } from '../token-bucket.ts';

/** How often a limit may be met within the window before the socket is closed with 4429. */
const patience = 100;
const window = 10_000;

/** Counts what one connection does and does wrong. */
export class FrameLimits {
  readonly #frames: TokenBucket;
  readonly #joins: TokenBucket;
  readonly #clock: Clock;
  #malformed: number[] = [];
  #refused: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    const now = clock.now();
    this.#frames = new TokenBucket(limits.framesPerSecond, limits.frameBurst, now);
    this.#joins = new TokenBucket(limits.joinsPerSecond, limits.joinBurst, now);
  }

  /** Seconds to wait before a further frame, 0 for none. */
  takeFrame(): number {
    return this.#frames.take(this.#clock.now());
  }

  takeJoin(): number {
    return this.#joins.take(this.#clock.now());
  }

  /** Whether this refusal for speed was one too many. */
  isTooFast(): boolean {
    const now = this.#clock.now();
    this.#refused.push(now);
    if (this.#refused.length <= patience) return false;
    const first = this.#refused.shift() ?? now;
    return now - first < window;
  }

  /** Whether this malformed frame was one too many. */
  isTooMalformed(): boolean {
    const now = this.#clock.now();
    this.#malformed = this.#malformed.filter((at) => now - at < limits.malformedWindow);
    this.#malformed.push(now);
    return this.#malformed.length >= limits.malformedFrames;
  }

  /** Whether new ones would count the same, so that these can be forgotten. */
  isFull(): boolean {
    const now = this.#clock.now();
    const last = Math.max(this.#malformed.at(-1) ?? 0, this.#refused.at(-1) ?? 0);
    return (
      this.#frames.isFull(now) && this.#joins.isFull(now) && now - last >= Math.max(window, limits.malformedWindow)
    );
  }
}
