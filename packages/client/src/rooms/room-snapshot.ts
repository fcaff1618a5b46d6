import type { ParlourError } from '@parlour/protocol/errors';
import type { Person, RoomEvent } from '@parlour/protocol/events';
import type { PendingMessage } from '../messages/pending-message.ts';

/**
 * - `idle`: not opened.
 * - `loading`: opened, and not (or, after a cut, not again) caught up with the room's head. What `events` holds is
 *   right and can be shown.
 * - `live`: caught up; events arrive as they happen.
 * - `refused`: one may not read it, or no longer; `error` tells why.
 */
export type RoomState = 'idle' | 'loading' | 'live' | 'refused';

/** A room at one moment; replaced, never changed. */
export type RoomSnapshot = {
  readonly id: string;
  readonly state: RoomState;
  readonly error?: ParlourError;
  /** In `seq` order, with none missing between the first and the last save kinds that this client does not know. */
  readonly events: readonly RoomEvent[];
  /** One's own messages that are not among `events` yet, in the order in which they go out. */
  readonly pending: readonly PendingMessage[];
  /** Who is here, at most `limits.presentMembers` at first, and how many they are altogether. */
  readonly present: readonly Person[];
  readonly presentCount: number;
  /** Others who are typing now. */
  readonly typing: readonly Person[];
  /** Whether `loadOlder()` would find more. */
  readonly hasOlder: boolean;
  /** The number of the room's last event, as far as known. */
  readonly head: number;
};

/** What is known of a room beforehand, for example from a page that the server rendered. */
export type RoomOptions = {
  /** Events after this number are wanted; 0 for all. */
  after?: number;
  /** A page of the room's events, from old to new. */
  history?: readonly RoomEvent[];
};
