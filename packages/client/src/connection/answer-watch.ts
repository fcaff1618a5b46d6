import type { Environment } from './environment.ts';

/** A command without an answer for this long, in milliseconds, means that nobody is there. */
const patience = 10_000;

/**
 * Notices a dead connection: pings are invisible to a page, and a network that has gone without a word shows only in
 * answers that do not come.
 */
export class AnswerWatch {
  readonly #environment: Environment;
  readonly #silent: () => void;
  readonly #awaited = new Map<string, () => void>();

  constructor(environment: Environment, silent: () => void) {
    this.#environment = environment;
    this.#silent = silent;
  }

  expect(what: string): void {
    this.answered(what);
    this.#awaited.set(what, this.#environment.after(patience, this.#silent));
  }

  answered(what: string): void {
    this.#awaited.get(what)?.();
    this.#awaited.delete(what);
  }

  clear(): void {
    for (const cancel of this.#awaited.values()) cancel();
    this.#awaited.clear();
  }
}
