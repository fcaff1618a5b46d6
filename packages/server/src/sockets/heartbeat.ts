import type { Alarm, Alarms } from './alarms.ts';

export type HeartbeatTimes = { pingInterval: number; heartbeatTimeout: number };

export type HeartbeatOwner = {
  ping(): void;
  /** The peer has been silent for too long. */
  giveUp(): void;
  /** Closes if its time is over. Otherwise answers after how many milliseconds to ask again. */
  closeIfOver(): number;
};

/**
 * Pings one peer and gives it up when it is silent; any sign of life counts, and each connection has its own beat. The one
 * alarm of a connection, so it looks after the connection's deadline too.
 */
export class Heartbeat implements Alarm {
  ringsAt = 0;
  readonly #alarms: Alarms;
  readonly #owner: HeartbeatOwner;
  readonly #times: HeartbeatTimes;
  /** Whole milliseconds, which are kept without an object for each. */
  #heardAt: number;
  #pingsAt: number;
  #isStopped = false;

  constructor(alarms: Alarms, owner: HeartbeatOwner, times: HeartbeatTimes) {
    this.#alarms = alarms;
    this.#owner = owner;
    this.#times = times;
    this.#heardAt = readTime();
    this.#pingsAt = this.#heardAt + times.pingInterval;
  }

  hear(): void {
    this.#heardAt = readTime();
  }

  /** Looks after the deadline from now on; called again where it moved. */
  watch(): void {
    const left = this.#owner.closeIfOver();
    if (this.#isStopped) return;
    const next = Math.min(this.#pingsAt, this.#heardAt + this.#times.heartbeatTimeout) - readTime();
    this.#alarms.set(this, Math.min(next, left));
  }

  ring(): void {
    const now = readTime();
    if (now - this.#heardAt >= this.#times.heartbeatTimeout) {
      this.#owner.giveUp();
      return;
    }
    if (now >= this.#pingsAt) {
      this.#owner.ping();
      this.#pingsAt = Math.max(this.#pingsAt, now - this.#times.pingInterval) + this.#times.pingInterval;
    }
    this.watch();
  }

  stop(): void {
    this.#isStopped = true;
    this.#alarms.cancel(this);
  }
}

function readTime(): number {
  return Math.floor(performance.now());
}
