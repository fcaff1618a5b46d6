import type { ParlourError } from '@parlour/protocol/errors';
import type { Person } from '@parlour/protocol/events';
import type { MessageStore } from './message-store.ts';

export type ReadRoomDeps = {
  messages: MessageStore;
  /** Why somebody who is no member may not read there. */
  refuse(reader: Person, room: string): Promise<ParlourError>;
  /** Tells the person's other sockets what is unread now. */
  noticeUnread(user: string, room: string): void;
};

/** Moves the person's own read state forward; it never goes back. Returns where it is now. */
export async function readRoom(deps: ReadRoomDeps, reader: Person, room: string, seq: number): Promise<number> {
  const moved = await deps.messages.moveRead(room, reader.id, seq);
  if (moved === undefined) throw await deps.refuse(reader, room);
  const [readSeq, isMoved] = moved;
  if (isMoved) deps.noticeUnread(reader.id, room);
  return readSeq;
}
