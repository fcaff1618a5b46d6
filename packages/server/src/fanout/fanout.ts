import type { RoomEvent } from '@parlour/protocol/events';

/**
 * Carries committed events to every node, this one included. It is a hint that something is there: it may drop, double
 * or reorder, because every node compares with the database.
 */
export type Fanout = {
  publish(event: RoomEvent): void;
  /** Called for every event that arrives. */
  listen(listener: (event: RoomEvent) => void): void;
  close(): Promise<void>;
};
