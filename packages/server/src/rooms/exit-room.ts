import type { MemberChange, Person } from '@parlour/protocol/events';
import { holdRoom } from './append-event.ts';
import type { RoomChange } from './change-room.ts';
import { revokeInvitesOf } from './invite-store.ts';
import { deleteMember, makeLongestMemberOwner } from './member-store.ts';
import type { RoomRole } from './room.ts';

export type Exit = { user: Person; role: RoomRole; change: MemberChange; by?: Person | undefined };

/**
 * Ends a membership, and with it the links into the room that the person made. An owner may go like anybody else: the
 * room passes to who has been in it longest, so that a room with people in it is never without somebody who looks after
 * it. The last one out leaves it empty, with its history.
 */
export async function exitRoom(
  { trx, at, append }: RoomChange,
  room: { number: number; id: string },
  { user, role, change, by }: Exit,
): Promise<void> {
  await holdRoom(trx, room.number);
  await deleteMember(trx, room.number, user.id);
  // Otherwise whoever is out could come back, or let others in, through a link made beforehand.
  await revokeInvitesOf(trx, room.number, user.id, at);
  if (role === 'owner') await makeLongestMemberOwner(trx, room.number);
  await append({ room: room.number, roomId: room.id, user, change, by });
}
