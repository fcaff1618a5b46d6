import { limits } from '@parlour/protocol/limits';
import type { Environment } from './environment.ts';

/** Some of the server's allowance is left alone, since its clock and ours do not tick together. */
const share = 0.8;
const perSecond = limits.framesPerSecond * share;
const burst = limits.frameBurst * share;

/**
 * Sends commands in order and never faster than the server takes them: a client that has hundreds of rooms open would
 * otherwise be thrown out for joining them all at once after every reconnect.
 */
export class SendPace {
  readonly #environment: Environment;
  readonly #waiting: (() => void)[] = [];
  #allowance = burst;
  #countedAt = 0;
  #cancel: (() => void) | undefined;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** A new socket begins with its full allowance. */
  start(): void {
    this.stop();
    this.#allowance = burst;
    this.#countedAt = this.#environment.now();
  }

  send(transmit: () => void): void {
    this.#waiting.push(transmit);
    if (!this.#cancel) this.#flush();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#waiting.length = 0;
  }

  #flush(): void {
    this.#count();
    while (this.#allowance >= 1) {
      const transmit = this.#waiting.shift();
      if (!transmit) return;
      this.#allowance -= 1;
      transmit();
    }
    if (this.#waiting.length === 0) return;
    this.#cancel = this.#environment.after(((1 - this.#allowance) / perSecond) * 1000, () => {
      this.#cancel = undefined;
      this.#flush();
    });
  }

  #count(): void {
    const now = this.#environment.now();
    const earned = (Math.max(0, now - this.#countedAt) / 1000) * perSecond;
    this.#allowance = Math.min(burst, this.#allowance + earned);
    this.#countedAt = now;
  }
}
