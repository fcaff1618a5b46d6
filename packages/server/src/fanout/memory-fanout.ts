import type { RoomEvent } from '@parlour/protocol/events';
import type { Fanout, FanoutListener, FanoutState } from './fanout.ts';

/** The fan-out of a single node: a function call. What is for other nodes goes nowhere. */
export class MemoryFanout implements Fanout {
  readonly state: FanoutState = { name: 'ready' };
  readonly #listeners: FanoutListener[] = [];

  publish(event: RoomEvent): void {
    for (const listener of this.#listeners) listener.event(event);
  }

  publishPresence(): void {}

  publishControl(): void {}

  watch(): void {}

  unwatch(): void {}

  listen(listener: FanoutListener): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#listeners.length = 0;
  }
}
