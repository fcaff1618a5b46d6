/** Milliseconds; whatever is written faster holds nobody up. */
const longWrite = 1;
/** Of the time that writing took. */
const share = 1 / 2;
const longestPause = 10;
/** For each socket, on average. Fewer are hardly more than an answer together with what it is about. */
const framesOfTalk = 4;

/**
 * When to write to sockets again. Where several talk in a large room, what is said while all are written to is followed by
 * what is said when they have read it; written one after the other, each costs as much as both together. So after such a
 * writing the next one waits for a moment, and everybody hears sooner. One who talks alone waits for nothing.
 */
export class FlushPace {
  readonly #now: () => number;
  #notBefore = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Writes so many frames to so many sockets, and remembers how long it took. */
  measure(frames: number, sockets: number, write: () => void): void {
    const began = this.#now();
    write();
    const end = this.#now();
    const took = end - began;
    const isTalk = took >= longWrite && frames >= framesOfTalk * sockets;
    this.#notBefore = isTalk ? end + Math.min(longestPause, took * share) : 0;
  }

  /** Milliseconds to wait before the next writing; 0 for none. */
  get pause(): number {
    return this.#notBefore === 0 ? 0 : Math.max(0, this.#notBefore - this.#now());
  }
}
