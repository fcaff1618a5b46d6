/** Milliseconds. */
const interval = 20;
const worthNoting = 10;

type Lag = { from: number; to: number };

/** When this process itself was held up, by its own work or by others on the machine: what it saw then, it saw late. */
export class OwnLag {
  readonly #lags: Lag[] = [];
  #due = Date.now() + interval;

  constructor() {
    setInterval(() => this.#look(), interval).unref();
  }

  /** The longest that touches this span, in milliseconds. */
  longestBetween(from: number, to: number): number {
    const touching = this.#lags.filter((lag) => lag.from <= to && lag.to >= from);
    return Math.max(0, ...touching.map((lag) => lag.to - lag.from));
  }

  #look(): void {
    const now = Date.now();
    if (now - this.#due > worthNoting) this.#lags.push({ from: this.#due, to: now });
    this.#due = now + interval;
  }
}
