import type { Environment } from '../packages/client/src/client.ts';

type Signal = Parameters<Environment['on']>[0];

/** A laptop: while it sleeps nothing runs on it, neither timers nor what comes from the network, and all at once after. */
export class SleepyEnvironment implements Environment {
  readonly #random: () => number;
  readonly #listeners = new Set<{ signal: Signal; run: () => void }>();
  #held: (() => void)[] = [];
  #isAsleep = false;
  /** Milliseconds since 1970. */
  awakeSince = Date.now();

  constructor(random: () => number) {
    this.#random = random;
  }

  get isAsleep(): boolean {
    return this.#isAsleep;
  }

  // The client hands these on by themselves.
  readonly now = () => Date.now();

  readonly random = () => this.#random();

  readonly after = (delay: number, run: () => void) => {
    let isCancelled = false;
    const timer = setTimeout(() => this.whenAwake(() => isCancelled || run()), delay);
    return () => {
      isCancelled = true;
      clearTimeout(timer);
    };
  };

  readonly on = (signal: Signal, run: () => void) => {
    const listener = { signal, run };
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Runs it now, or in its turn after waking. */
  whenAwake(run: () => void): void {
    if (this.#isAsleep) this.#held.push(run);
    else run();
  }

  sleep(): void {
    this.#isAsleep = true;
  }

  wake(): void {
    this.#isAsleep = false;
    this.awakeSince = Date.now();
    const held = this.#held;
    this.#held = [];
    for (const run of held) run();
    for (const { signal, run } of [...this.#listeners]) if (signal === 'visible') run();
  }
}
