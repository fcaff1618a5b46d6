import { writeAudit } from '../audit/write-audit.ts';
import { findRoom } from './find-room.ts';
import { noSuchInvite } from './invite.ts';
import { revokeInviteRow } from './invite-store.ts';
import { type Actor, canManage, type RoomDeps } from './room.ts';

/**
 * Takes an invite back: by its maker, or by those who look after the room. Others do not find it. Throws
 * `room_not_found` or `invite_not_found`.
 */
export async function revokeInvite(
  { db, clock }: Pick<RoomDeps, 'db' | 'clock'>,
  actor: Actor,
  roomId: string,
  inviteId: string,
): Promise<void> {
  await db.kysely.transaction().execute(async (trx) => {
    const room = await findRoom(trx, actor.user, roomId);
    const maker = canManage(actor, room) ? undefined : actor.user.id;
    const found = await revokeInviteRow(trx, { id: inviteId, room: room.number, maker, now: clock.now() });
    if (!found) throw noSuchInvite();
    const detail = { room: roomId, invite: inviteId };
    await writeAudit(trx, clock, { kind: 'invite_revoked', actor: actor.user.id, from: actor.from, detail });
  });
}
