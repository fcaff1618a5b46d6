import type { Person } from '@parlour/protocol/events';
import type { InvitePreview } from '@parlour/protocol/invites';
import { findInviteFault, hashInviteCode, type InviteDeps, inviteUsedUp, noSuchInvite } from './invite.ts';
import { findInviteByHash, hasUsed } from './invite-store.ts';
import { findInvitedRoom } from './room-store.ts';

/**
 * What an invite leads to, for anybody who holds its code. Looking changes nothing. Throws what accepting it would:
 * `invite_not_found`, `invite_revoked`, `invite_expired` or `invite_used_up`.
 */
export async function previewInvite(
  { db, clock }: Pick<InviteDeps, 'db' | 'clock'>,
  reader: Person | undefined,
  code: string,
): Promise<InvitePreview> {
  const invite = await findInviteByHash(db.kysely, hashInviteCode(code));
  if (invite === undefined) throw noSuchInvite();
  const room = reader && (await findInvitedRoom(db.kysely, reader.id, invite.room));
  if (room?.role === undefined || room.role === null) {
    const fault = findInviteFault(invite, clock.now());
    if (fault !== undefined) throw fault;
    const isUsedUp = invite.maxUses !== null && invite.uses >= invite.maxUses;
    // Whoever signed up through the last use has not come in yet.
    if (isUsedUp && !(reader && (await hasUsed(db.kysely, invite.id, reader.id)))) throw inviteUsedUp();
  }
  return {
    roomName: invite.roomName,
    invitedBy: invite.by?.name ?? 'A former member',
    expiresAt: new Date(invite.expiresAt).toISOString(),
  };
}
