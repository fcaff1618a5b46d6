import { ParlourError } from '@parlour/protocol/errors';
import { can } from '@parlour/protocol/permissions';
import { writeAudit } from '../audit/write-audit.ts';
import { changeRoom } from './change-room.ts';
import { exitRoom } from './exit-room.ts';
import { findManagedRoom } from './find-room.ts';
import { leaveRoom } from './leave-room.ts';
import { findStanding, insertRemoval } from './member-store.ts';
import type { Actor, RoomDeps } from './room.ts';
import { noSuchPerson } from './room-refusals.ts';

/**
 * Takes somebody out of a room: they can neither join it nor use an invite to it until they are added back. Removing
 * oneself is leaving. Throws `room_not_found`, `not_a_member`, `forbidden` or `person_not_found`.
 */
export async function removeMember(deps: RoomDeps, actor: Actor, roomId: string, userId: string): Promise<void> {
  if (userId === actor.user.id) return leaveRoom(deps, actor.user, roomId);
  await changeRoom(deps, async (change) => {
    const { trx, at } = change;
    const room = await findManagedRoom(trx, actor, roomId);
    const standing = await findStanding(trx, room.number, userId);
    if (standing?.removed) return;
    if (standing === undefined || standing.role === null) throw noSuchPerson();
    if (standing.role === 'owner' && !can(actor.role, 'removeRoomOwners')) {
      throw new ParlourError('forbidden', 'Only the owner of the house may take the owner of a room out of it.');
    }
    const audit = { kind: 'member_removed', actor: actor.user.id, subject: userId, from: actor.from } as const;
    await writeAudit(trx, deps.clock, { ...audit, detail: { room: roomId } });
    await insertRemoval(trx, { room: room.number, user: userId, by: actor.user.id, at });
    const user = { id: userId, name: standing.name };
    await exitRoom(change, room, { user, role: standing.role, change: 'removed', by: actor.user });
  });
}
