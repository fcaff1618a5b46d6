import { limits } from '@parlour/protocol/limits';
import type { Environment } from './environment.ts';

/** Asks whether the server is still there when nothing came for a while: its pings are invisible to a page. */
export class SilenceWatch {
  readonly #environment: Environment;
  readonly #ask: () => void;
  #heardAt = 0;
  #cancel: (() => void) | undefined;

  constructor(environment: Environment, ask: () => void) {
    this.#environment = environment;
    this.#ask = ask;
  }

  /** Milliseconds since anything came. */
  get silence(): number {
    return this.#environment.now() - this.#heardAt;
  }

  start(): void {
    this.stop();
    this.heard();
    this.#wait(limits.pingInterval);
  }

  heard(): void {
    this.#heardAt = this.#environment.now();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wait(delay: number): void {
    this.#cancel = this.#environment.after(delay, () => {
      // Where the clock was set back, nobody knows how long it has been silent.
      const left = this.silence < 0 ? 0 : limits.pingInterval - this.silence;
      if (left <= 0) this.#ask();
      this.#wait(left > 0 ? left : limits.pingInterval);
    });
  }
}
