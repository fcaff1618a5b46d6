import { SmallSet } from '../small-set.ts';

/** Alarms ring this many milliseconds late at most, all that fall into one such span by one timer. */
const grain = 100;
/** Timers hold 31 bits. */
const longestTimer = 2 ** 31 - 1;

export type Alarm = {
  /** Belongs to the alarms: the span in which it rings, 0 where it is not set. */
  ringsAt: number;
  ring(): void;
};

/**
 * The deadlines of all sockets of a node, by one timer: a timer of its own takes 200 bytes, and a socket needs several.
 * None rings early. They do not keep the process alive.
 */
export class Alarms {
  readonly #onError: (error: unknown) => void;
  readonly #spans = new Map<number, SmallSet<Alarm>>();
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Number.POSITIVE_INFINITY;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** How many are set. */
  get size(): number {
    return [...this.#spans.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Sets an alarm, in place of when it would have rung before. Set while it rings, it rings once more, not at once. */
  set(alarm: Alarm, milliseconds: number): void {
    this.cancel(alarm);
    const at = Math.floor((performance.now() + Math.max(0, milliseconds)) / grain) + 1;
    alarm.ringsAt = at;
    const span = this.#spans.get(at);
    if (span === undefined) this.#spans.set(at, new SmallSet(alarm));
    else span.add(alarm);
    if (at < this.#wakesAt) this.#wakeAt(at);
  }

  cancel(alarm: Alarm): void {
    const span = this.#spans.get(alarm.ringsAt);
    if (span?.delete(alarm) && span.size === 0) this.#spans.delete(alarm.ringsAt);
    alarm.ringsAt = 0;
  }

  /** Cancels all of them. */
  close(): void {
    clearTimeout(this.#timer);
    this.#spans.clear();
    this.#wakesAt = Number.POSITIVE_INFINITY;
  }

  #wake(): void {
    const now = performance.now() / grain;
    const over = [...this.#spans.keys()].filter((at) => at <= now).sort((one, other) => one - other);
    try {
      for (const at of over) for (const alarm of this.#spans.get(at) ?? []) this.#ring(alarm);
    } finally {
      this.#wakeAt([...this.#spans.keys()].reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY));
    }
  }

  /** One that fails must not keep the others from ringing. */
  #ring(alarm: Alarm): void {
    this.cancel(alarm);
    try {
      alarm.ring();
    } catch (error) {
      this.#onError(error);
    }
  }

  #wakeAt(at: number): void {
    clearTimeout(this.#timer);
    this.#wakesAt = at;
    if (at === Number.POSITIVE_INFINITY) return;
    const left = Math.max(0, Math.ceil(at * grain - performance.now()));
    this.#timer = setTimeout(() => this.#wake(), Math.min(left, longestTimer)).unref();
  }
}
