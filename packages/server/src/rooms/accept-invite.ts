import type { Person } from '@parlour/protocol/events';
import { writeAudit } from '../audit/write-audit.ts';
import { changeRoom } from './change-room.ts';
import { enterRoom } from './enter-room.ts';
import { noSuchInvite } from './invite.ts';
import type { Actor, RoomDeps } from './room.ts';
import { removedFromRoom } from './room-refusals.ts';
import { findInvitedRoom } from './room-store.ts';
import { findInvite, spendInvite } from './spend-invite.ts';

/**
 * Enters a room by an invite. A member is let through whatever became of the link, and spends nothing; somebody who was
 * removed stays out. Throws `invite_not_found`, `invite_revoked`, `invite_expired`, `invite_used_up` or
 * `removed_from_room`.
 */
export async function acceptInvite(
  deps: RoomDeps,
  person: Person,
  code: string,
  from?: Actor['from'],
): Promise<{ room: string; name: string }> {
  return await changeRoom(deps, async (change) => {
    const invite = await findInvite(change.trx, code);
    const room = await findInvitedRoom(change.trx, person.id, invite.room);
    if (room === undefined) throw noSuchInvite();
    if (room.removed) throw removedFromRoom();
    if (room.role === null) {
      await spendInvite(change.trx, invite, person.id, change.at);
      const detail = { room: room.id, invite: invite.id };
      await writeAudit(change.trx, deps.clock, { kind: 'invite_accepted', actor: person.id, from, detail });
      await enterRoom(change, room, { user: person, change: 'invited', by: invite.by });
    }
    return { room: room.id, name: room.name };
  });
}
