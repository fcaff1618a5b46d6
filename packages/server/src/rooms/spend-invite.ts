import { type FoundInvite, findInviteFault, hashInviteCode, inviteUsedUp, noSuchInvite } from './invite.ts';
import { countUse, findInviteByHash, insertUse } from './invite-store.ts';
import type { Queries } from './room.ts';

/** Finds an invite by its code. Throws `invite_not_found`. */
export async function findInvite(db: Queries, code: string): Promise<FoundInvite> {
  const invite = await findInviteByHash(db, hashInviteCode(code));
  if (invite === undefined) throw noSuchInvite();
  return invite;
}

/**
 * Takes one use of an invite for one person, inside the caller's transaction: that of a sign-up, or that of coming in.
 * A use that the person took before is found again and costs nothing; it outlives neither expiry nor revocation. Throws
 * `invite_revoked`, `invite_expired` or `invite_used_up`.
 */
export async function spendInvite(trx: Queries, invite: FoundInvite, user: string, now: number): Promise<void> {
  const fault = findInviteFault(invite, now);
  if (fault !== undefined) throw fault;
  const isNew = await insertUse(trx, { invite: invite.id, user, usedAt: now });
  if (isNew && !(await countUse(trx, invite.id, now))) throw inviteUsedUp();
}
