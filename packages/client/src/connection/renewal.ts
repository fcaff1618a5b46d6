import type { Environment } from './environment.ts';

/** Renewing this early leaves a fifth of the life for retries. */
const share = 0.8;
/** A timer set minutes ahead stands still while a laptop sleeps, so the wall clock is asked this often. */
const tick = 15_000;
/** A tick that comes this late means that the machine slept. */
const slept = 20_000;
/** A token with no known life is renewed now and then, not in a loop. */
const shortest = 1_000;

/** Tells when a token is to be renewed: at 80 % of its life by the wall clock, and right after a sleep (A8, fault 6). */
export class Renewal {
  readonly #environment: Environment;
  readonly #renew: () => void;
  #dueAt: number | undefined;
  #cancel: (() => void) | undefined;

  constructor(environment: Environment, renew: () => void) {
    this.#environment = environment;
    this.#renew = renew;
  }

  /** Starts anew with a token that has `life` milliseconds left. */
  start(life: number): void {
    this.#schedule(Math.max(life * share, shortest));
  }

  /** Comes back after `delay` milliseconds, since renewing has just failed. */
  postpone(delay: number): void {
    this.#schedule(delay);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#dueAt = undefined;
  }

  /** Something woke us: asks the wall clock at once. */
  check(): void {
    if (this.#dueAt !== undefined && this.#environment.now() >= this.#dueAt) this.now();
  }

  /** Renews now, which also shows whether the other side is still there. */
  now(): void {
    if (this.#dueAt === undefined) return;
    this.stop();
    this.#renew();
  }

  #schedule(delay: number): void {
    this.stop();
    this.#dueAt = this.#environment.now() + delay;
    this.#wait();
  }

  #wait(): void {
    const { now, after } = this.#environment;
    const from = now();
    const delay = Math.max(0, Math.min(tick, (this.#dueAt ?? from) - from));
    this.#cancel = after(delay, () => {
      // A clock that was set back no longer tells when the token ends either.
      const isOff = now() < from || now() - from > delay + slept;
      if (isOff || now() >= (this.#dueAt ?? 0)) this.now();
      else this.#wait();
    });
  }
}
