import type { Log } from '../log.ts';

/** Warns of the first, the tenth, the hundredth … of the same, so that a flood is told and does not flood the log. */
export class SparseLog {
  readonly #log: Log;
  readonly #times = new Map<string, number>();

  constructor(log: Log) {
    this.#log = log;
  }

  warn(message: string): void {
    const times = (this.#times.get(message) ?? 0) + 1;
    this.#times.set(message, times);
    if (Number.isInteger(Math.log10(times))) this.#log.warn(message, { times });
  }
}
