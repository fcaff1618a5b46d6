import { limits } from '@parlour/protocol/limits';
import { TokenBucket } from '../token-bucket.ts';

/** How often a limit may be met within the window before the socket is closed with 4429. */
const patience = 100;
const window = 10_000;

/** Counts what one connection does and does wrong. */
export class FrameLimits {
  readonly #frames: TokenBucket;
  readonly #joins: TokenBucket;
  readonly #now: () => number;
  #malformed: number[] = [];
  #refused: number[] = [];

  constructor(now: () => number) {
    this.#now = now;
    this.#frames = new TokenBucket(limits.framesPerSecond, limits.frameBurst, now());
    this.#joins = new TokenBucket(limits.joinsPerSecond, limits.joinBurst, now());
  }

  /** Seconds to wait before a further frame, 0 for none. */
  takeFrame(): number {
    return this.#frames.take(this.#now());
  }

  takeJoin(): number {
    return this.#joins.take(this.#now());
  }

  /** Whether this refusal for speed was one too many. */
  isTooFast(): boolean {
    const now = this.#now();
    this.#refused.push(now);
    if (this.#refused.length <= patience) return false;
    const first = this.#refused.shift() ?? now;
    return now - first < window;
  }

  /** Whether this malformed frame was one too many. */
  isTooMalformed(): boolean {
    const now = this.#now();
    this.#malformed = this.#malformed.filter((at) => now - at < limits.malformedWindow);
    this.#malformed.push(now);
    return this.#malformed.length >= limits.malformedFrames;
  }
}
