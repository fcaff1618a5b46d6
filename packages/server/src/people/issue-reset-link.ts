import { ParlourError } from '@parlour/protocol/errors';
import type { ResetLink } from '@parlour/protocol/resets';
import { type IssueResetDeps, issueReset } from '../accounts/issue-reset.ts';
import { requireLiving } from '../accounts/require-living.ts';
import { requireRecent } from '../accounts/require-recent.ts';
import { writeAudit } from '../audit/write-audit.ts';
import type { Database } from '../database/database.ts';
import { type Act, findSubordinate } from './person.ts';

export type IssueLinkDeps = IssueResetDeps & { db: Database };

/**
 * Makes a link by which somebody below the caller sets a new password, where no mail can bring one. It proves no
 * mailbox. Throws `forbidden`, `person_not_found`, `confirmation_required`.
 */
export async function issueResetLink(deps: IssueLinkDeps, act: Act, id: string): Promise<ResetLink> {
  return await deps.db.kysely.transaction().execute(async (trx) => {
    const { actor, subject } = await findSubordinate(trx, act.caller, id, 'issueResetLinks');
    // Whoever has the link has the account: not for an unlocked screen, and not for an access token.
    requireRecent(deps, act.caller);
    await requireLiving(trx, act.caller);
    if (subject.bannedAt !== null) throw new ParlourError('forbidden', 'Somebody who is banned gets no link.');
    await writeAudit(trx, deps.clock, {
      kind: 'reset_link_issued',
      actor: actor.id,
      subject: subject.id,
      from: act.browser,
    });
    return await issueReset(deps, trx, subject.id, { by: 'admin', address: null, issuer: actor.id });
  });
}
