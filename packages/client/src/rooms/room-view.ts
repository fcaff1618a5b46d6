import type { PendingMessage } from '../messages/pending-message.ts';
import type { RoomSnapshot } from './room-snapshot.ts';

/** One room as this client sees it: a store for the user interface, and what one may do in the room. */
export type RoomView = {
  readonly id: string;
  /** The room as it is now; the same object until something changes. */
  readonly snapshot: RoomSnapshot;
  /** Calls the listener after each change; the answer ends it. */
  subscribe(listener: () => void): () => void;
  /** Joins the room on the socket, now and after every reconnect. Each `open` needs one `close`. */
  open(): void;
  /** Leaves it when nobody has it open any more and everything written in it is sent. */
  close(): void;
  /**
   * Sends a message of at most `limits.bodyCharacters`, with `data` of at most `limits.dataBytes` of JSON. It is queued
   * while the room is not joined and goes out by itself; the answer is its first state.
   * Throws a `ParlourError` (`invalid_body`, `invalid_field`) where the server would refuse the text anyway.
   */
  send(body: string, data?: unknown): PendingMessage;
  /** Sends a failed message again, as the last in the queue. */
  retry(id: string): void;
  /** Drops a message that waits or has failed. One that is under way stays. */
  discard(id: string): void;
  /** Tells the others that one is typing; may be called at every key. */
  typing(): void;
  /** Marks everything up to this event as read. It never goes back. */
  read(seq: number): void;
  /** Loads the page before the oldest event. Rejects with a `ParlourError`; calls at the same time share one page. */
  loadOlder(): Promise<void>;
};
