import { limits } from '@parlour/protocol/limits';
import type { Environment } from '../connection/environment.ts';

/** At most one `read` in this many milliseconds, however fast the room is. */
const interval = 500;

/** How far the person has read: it only goes forward, and the newest mark is sent whatever came in between. */
export class ReadMark {
  readonly #environment: Environment;
  readonly #transmit: (seq: number) => boolean;
  #marked = 0;
  #sent = 0;
  #sentAt = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  /** `transmit` tells whether it could send. */
  constructor(environment: Environment, transmit: (seq: number) => boolean) {
    this.#environment = environment;
    this.#transmit = transmit;
  }

  /** Whether a connection that breaks now may have lost it: a dead one would have been noticed long before. */
  get isRecent(): boolean {
    return this.#environment.now() - this.#sentAt < limits.heartbeatTimeout;
  }

  mark(seq: number): void {
    this.#marked = Math.max(this.#marked, seq);
    this.flush();
  }

  /** Sends what is due, for example because the room is joined now. */
  flush(): void {
    if (this.#cancel || this.#marked <= this.#sent || !this.#transmit(this.#marked)) return;
    this.#sent = this.#marked;
    this.#sentAt = this.#environment.now();
    this.#flushAfter(interval);
  }

  /** The last one may not have been stored: it is sent once more, which changes nothing where it was. */
  repeat(delay = interval): void {
    this.pause();
    this.#sent = 0;
    this.#flushAfter(Math.max(delay, interval));
  }

  /** Sends the last mark without waiting, since the room is left. */
  finish(): void {
    this.pause();
    this.flush();
    this.pause();
  }

  pause(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  clear(): void {
    this.pause();
    this.#marked = 0;
    this.#sent = 0;
  }

  #flushAfter(delay: number): void {
    this.#cancel = this.#environment.after(delay, () => {
      this.#cancel = undefined;
      this.flush();
    });
  }
}
