import type { Environment } from '../src/connection/environment.ts';

type Timer = { at: number; run: () => void };
type Signal = Parameters<Environment['on']>[0];

/** Time that moves when the test says so. `sleep` moves the clock and leaves the timers behind, as a laptop's lid does. */
export class ManualEnvironment implements Environment {
  randomness = 0.5;
  readonly #timers = new Set<Timer>();
  readonly #listeners = new Map<Signal, Set<() => void>>();
  #now: number;

  constructor(now = Date.now()) {
    this.#now = now;
  }

  readonly now = () => this.#now;
  readonly random = () => this.randomness;

  readonly after = (delay: number, run: () => void) => {
    const timer = { at: this.#now + delay, run };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  };

  readonly on = (signal: Signal, run: () => void) => {
    const listeners = this.#listeners.get(signal) ?? new Set();
    this.#listeners.set(signal, listeners.add(run));
    return () => {
      listeners.delete(run);
    };
  };

  get timerCount(): number {
    return this.#timers.size;
  }

  get listenerCount(): number {
    return [...this.#listeners.values()].reduce((sum, set) => sum + set.size, 0);
  }

  signal(signal: Signal): void {
    for (const run of [...(this.#listeners.get(signal) ?? [])]) run();
  }

  advance(duration: number): void {
    const end = this.#now + duration;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
    }
    this.#now = end;
  }

  sleep(duration: number): void {
    this.#now += duration;
    for (const timer of this.#timers) timer.at += duration;
  }

  #next(end: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.at <= end);
    return due.sort((a, b) => a.at - b.at)[0];
  }
}
