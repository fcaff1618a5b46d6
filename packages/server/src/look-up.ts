import { Repeat } from './repeat.ts';

/** Milliseconds between two looks at the database. */
const interval = 2_000;

export type LookUpOptions = {
  /** Finds in the database what was not heard. */
  look(): Promise<void>;
  /** Whether no other node is heard at the moment. */
  isAlone(): boolean;
  onError(error: unknown): void;
};

/** Looks up what was missed: for as long as other nodes are not heard, and after a fault until it has succeeded once. */
export class LookUp {
  readonly #options: LookUpOptions;
  readonly #repeat: Repeat;
  #isBehind = false;

  constructor(options: LookUpOptions) {
    this.#options = options;
    const { isAlone, onError } = options;
    this.#repeat = new Repeat(
      interval,
      async () => {
        if (this.#isBehind || isAlone()) await this.#look();
      },
      onError,
    );
  }

  start(): void {
    this.#repeat.start();
  }

  stop(): void {
    this.#repeat.stop();
  }

  /** Something was missed and is to be looked up before long. */
  miss(): void {
    this.#isBehind = true;
  }

  /** The same, at once. */
  hurry(): void {
    this.#look().catch(this.#options.onError);
  }

  async #look(): Promise<void> {
    // Before the look: what is missed while it lasts is for the next one.
    this.#isBehind = false;
    try {
      await this.#options.look();
    } catch (error) {
      this.#isBehind = true;
      throw error;
    }
  }
}
