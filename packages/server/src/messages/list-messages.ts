import type { ParlourError } from '@parlour/protocol/errors';
import type { Person, RoomEvent } from '@parlour/protocol/events';
import { limits } from '@parlour/protocol/limits';
import type { Page } from '@parlour/protocol/paging';
import type { MessageStore } from './message-store.ts';

export type HistoryQuery = { before?: number | undefined; after?: number | undefined; limit?: number | undefined };

export type ListMessagesDeps = {
  messages: MessageStore;
  /** Why somebody who is no member may not read there. */
  refuse(reader: Person, room: string): Promise<ParlourError>;
};

/**
 * One page of a room's history, old to new. `next` is where the following page in the same direction begins, null when
 * there is none. Throws `room_not_found` or `not_a_member`.
 */
export async function listMessages(
  deps: ListMessagesDeps,
  reader: Person,
  room: string,
  { before, after, limit = limits.pageDefault }: HistoryQuery,
): Promise<Page<RoomEvent, number>> {
  // One more than asked for tells whether there is a further page.
  const span =
    after === undefined ? { before: before ?? Number.MAX_SAFE_INTEGER, limit: limit + 1 } : { after, limit: limit + 1 };
  const events = await deps.messages.listEvents(room, reader.id, span);
  if (events === undefined) throw await deps.refuse(reader, room);
  const more = events.length > limit;
  if (after === undefined) {
    const items = more ? events.slice(1) : events;
    return { items, next: more ? (items[0]?.seq ?? null) : null };
  }
  const items = more ? events.slice(0, limit) : events;
  return { items, next: more ? (items.at(-1)?.seq ?? null) : null };
}
