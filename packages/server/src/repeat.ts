/** Does something again and again, with a pause between the end of one time and the beginning of the next. */
export class Repeat {
  readonly #interval: number;
  readonly #task: () => Promise<void>;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(interval: number, task: () => Promise<void>, onError: (error: unknown) => void) {
    this.#interval = interval;
    this.#task = task;
    this.#onError = onError;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#task()
        .catch(this.#onError)
        .finally(() => {
          if (!this.#stopped) this.start();
        });
    }, this.#interval);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
