export type BrokerPingOptions = {
  /** Publishes something to this node's own queue; false where the broker has said that it takes nothing for now. */
  send(): boolean;
  /** It did not come back in time. */
  onSilence(): void;
};

const interval = 500;
/** With the interval it makes less than two seconds from the last sign of life to the end. */
const patience = 1_400;

/**
 * Finds a broker that is connected and dead: nothing says so when packets vanish, and the heartbeats of the protocol
 * take several seconds.
 */
export class BrokerPing {
  readonly #options: BrokerPingOptions;
  readonly #now: () => number;
  #returnedAt: number;
  #tickedAt: number;
  readonly #timer: NodeJS.Timeout;

  constructor(options: BrokerPingOptions, now = () => performance.now()) {
    this.#options = options;
    this.#now = now;
    this.#returnedAt = now();
    this.#tickedAt = now();
    this.#timer = setInterval(() => this.#tick(), interval);
    options.send();
  }

  returned(): void {
    this.#returnedAt = this.#now();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = this.#now();
    // A process that stood still itself has not listened, and cannot tell.
    if (now - this.#tickedAt > 2 * interval) this.#returnedAt = now;
    this.#tickedAt = now;
    if (now - this.#returnedAt >= patience) this.#options.onSilence();
    else if (!this.#options.send()) this.#returnedAt = now;
  }
}
