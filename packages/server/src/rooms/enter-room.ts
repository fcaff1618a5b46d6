import type { MemberChange, Person } from '@parlour/protocol/events';
import type { RoomChange } from './change-room.ts';
import { insertMember } from './member-store.ts';
import type { RoomRole } from './room.ts';

export type Entry = { user: Person; change: MemberChange; by?: Person | undefined; role?: RoomRole };

/**
 * Makes somebody who is not in the room a member of it. What was said before counts as read, so that a newcomer does
 * not start with the whole history unread.
 */
export async function enterRoom(
  { trx, at, append }: RoomChange,
  room: { number: number; id: string },
  { user, change, by, role = 'member' }: Entry,
): Promise<void> {
  const event = await append({ room: room.number, roomId: room.id, user, change, by });
  await insertMember(trx, { room: room.number, user: user.id, role, joinedAt: at, readSeq: event.seq });
}
