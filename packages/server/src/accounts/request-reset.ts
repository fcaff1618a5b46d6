import { ParlourError } from '@parlour/protocol/errors';
import { writeAudit } from '../audit/write-audit.ts';
import type { Database } from '../database/database.ts';
import type { Limiter } from '../http/rate-limit.ts';
import type { Mailer } from '../mail/create-mailer.ts';
import { noPasswordLetter } from '../mail/no-password-letter.ts';
import { resetLetter } from '../mail/reset-letter.ts';
import type { Browser } from './browser.ts';
import { type IssueResetDeps, issueReset, mailedMinutes } from './issue-reset.ts';
import { findCredentials } from './user-store.ts';

export type RequestResetDeps = IssueResetDeps & {
  db: Database;
  mail: Mailer | undefined;
  /** Requests for one address, wherever they come from. */
  addressLimit: Limiter;
};

/**
 * Mails a link to set a new password to whom the address belongs. Whoever asks learns nothing: an address without an
 * account costs the same statements, and the mail leaves after the answer. Throws `mail_off`.
 */
export async function requestReset(deps: RequestResetDeps, email: string, browser: Browser): Promise<void> {
  const { db, clock, mail } = deps;
  if (mail === undefined) throw new ParlourError('mail_off', 'This house sends no mail. An admin can help.');
  if (isTooOften(deps.addressLimit, email)) return;
  const found = await findCredentials(db.kysely, email);
  const person = found?.bannedAt === null ? found : undefined;
  const owner = person?.hash === null ? undefined : person?.id;
  const { url } = await db.kysely.transaction().execute(async (trx) => {
    await writeAudit(trx, clock, { kind: 'reset_requested', subject: found?.id, from: browser });
    return await issueReset(deps, trx, owner, { by: 'mail', address: email });
  });
  if (person === undefined) return;
  if (owner === undefined) mail.send(email, noPasswordLetter);
  else mail.send(email, (house) => resetLetter(house, url, mailedMinutes));
}

// Silently: a refusal would let anybody keep somebody from asking. The links that went out before still work.
function isTooOften(limit: Limiter, email: string): boolean {
  try {
    limit.count(email);
    return false;
  } catch (error) {
    if (error instanceof ParlourError && error.code === 'rate_limited') return true;
    throw error;
  }
}
