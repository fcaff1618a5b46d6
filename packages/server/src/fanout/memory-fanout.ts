import type { RoomEvent } from '@parlour/protocol/events';
import type { Fanout } from './fanout.ts';

/** The fan-out of a single node: a function call. */
export class MemoryFanout implements Fanout {
  readonly #listeners: ((event: RoomEvent) => void)[] = [];

  publish(event: RoomEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  listen(listener: (event: RoomEvent) => void): void {
    this.#listeners.push(listener);
  }

  async close(): Promise<void> {
    this.#listeners.length = 0;
  }
}
