import { ParlourError } from '@parlour/protocol/errors';
import type { CreatedInvite } from '@parlour/protocol/invites';
import { writeAudit } from '../audit/write-audit.ts';
import { newId } from '../ids.ts';
import { inviteLetter } from '../mail/invite-letter.ts';
import { findMemberRoom } from './find-room.ts';
import { hashInviteCode, type InviteDeps, newInviteCode } from './invite.ts';
import { insertInvite } from './invite-store.ts';
import { type Actor, canManage } from './room.ts';

/** `expiresIn` in seconds; `email` is where the link is mailed to. */
export type InviteTerms = { expiresIn: number; maxUses: number | null; email?: string | undefined };

/**
 * Makes a link that lets people into a room. Any member may invite to a public room, which everybody in the house can
 * join anyway; a private one would be private no longer if they could, so only those who look after it may. Throws
 * `room_not_found`, `not_a_member`, `forbidden`, and where it is to be mailed `mail_off` or `rate_limited`.
 */
export async function createInvite(
  deps: InviteDeps,
  actor: Actor,
  roomId: string,
  { expiresIn, maxUses, email }: InviteTerms,
): Promise<CreatedInvite> {
  if (email !== undefined) countMail(deps, actor);
  const code = newInviteCode();
  const createdAt = deps.clock.now();
  const terms = { id: newId(), createdAt, expiresAt: createdAt + expiresIn * 1000, maxUses };
  // The right is checked in the transaction that uses it: a removal before it leaves no invite behind.
  const roomName = await deps.db.kysely.transaction().execute(async (trx) => {
    const room = await findMemberRoom(trx, actor.user, roomId);
    if (room.private && !canManage(actor, room)) {
      throw new ParlourError('forbidden', 'Only the owner of a private room or an admin may invite people to it.');
    }
    const codeHash = hashInviteCode(code);
    await insertInvite(trx, { ...terms, room: room.number, codeHash, createdBy: actor.user.id });
    const detail = { room: roomId, invite: terms.id };
    await writeAudit(trx, deps.clock, { kind: 'invite_made', actor: actor.user.id, from: actor.from, detail });
    return room.name;
  });
  const url = `${deps.origin()}/join/${code}`;
  if (email !== undefined) {
    const words = { inviter: actor.user.name, roomName, url, expiresAt: terms.expiresAt };
    deps.post?.mailer.send(email, (house) => inviteLetter(house, words));
  }
  return {
    id: terms.id,
    room: roomId,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(terms.expiresAt).toISOString(),
    maxUses,
    uses: 0,
    code,
    url,
  };
}

function countMail({ post }: InviteDeps, actor: Actor): void {
  if (post === undefined) {
    throw new ParlourError('mail_off', 'This house sends no mail. Make a link, and send it yourself.', {
      field: 'email',
    });
  }
  post.limit.count(actor.user.id);
}
