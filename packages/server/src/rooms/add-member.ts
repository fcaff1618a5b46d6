import type { Member } from '@parlour/protocol/rooms';
import { writeAudit } from '../audit/write-audit.ts';
import { changeRoom } from './change-room.ts';
import { enterRoom } from './enter-room.ts';
import { findManagedRoom } from './find-room.ts';
import { deleteRemoval, findStanding } from './member-store.ts';
import type { Actor, RoomDeps } from './room.ts';
import { noSuchPerson } from './room-refusals.ts';

/**
 * Adds somebody to a room, also after a removal. Who is in it already stays as they are (`fresh` is false). Throws
 * `room_not_found`, `not_a_member`, `forbidden` or `person_not_found`.
 */
export async function addMember(
  deps: RoomDeps,
  actor: Actor,
  roomId: string,
  userId: string,
): Promise<{ member: Member; fresh: boolean }> {
  return await changeRoom(deps, async (change) => {
    const room = await findManagedRoom(change.trx, actor, roomId);
    const standing = await findStanding(change.trx, room.number, userId);
    if (standing === undefined) throw noSuchPerson();
    const user = { id: userId, name: standing.name };
    if (standing.role !== null) return { member: toMember(user, standing.role, standing.joinedAt ?? 0), fresh: false };
    await deleteRemoval(change.trx, room.number, userId);
    const audit = { kind: 'member_added', actor: actor.user.id, subject: userId, from: actor.from } as const;
    await writeAudit(change.trx, deps.clock, { ...audit, detail: { room: roomId } });
    const by = userId === actor.user.id ? undefined : actor.user;
    await enterRoom(change, room, { user, change: 'added', by });
    return { member: toMember(user, 'member', change.at), fresh: true };
  });
}

function toMember(user: { id: string; name: string }, role: Member['role'], joinedAt: number): Member {
  return { ...user, role, joinedAt: new Date(joinedAt).toISOString() };
}
