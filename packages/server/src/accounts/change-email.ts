import { ParlourError } from '@parlour/protocol/errors';
import type { changedEmail, EmailState } from '@parlour/protocol/resets';
import type { InferOutput } from 'valibot';
import { writeAudit } from '../audit/write-audit.ts';
import type { Limiter } from '../http/rate-limit.ts';
import { emailChangeLetter } from '../mail/email-change-letter.ts';
import { emailTakenLetter } from '../mail/email-taken-letter.ts';
import { verifyLetter } from '../mail/verify-letter.ts';
import type { Browser } from './browser.ts';
import type { Caller } from './caller.ts';
import { confirmByPassword, type PasswordConfirmDeps } from './confirm.ts';
import { requireLiving } from './require-living.ts';
import { requireRecent } from './require-recent.ts';
import { findCredentials, moveToEmail } from './user-store.ts';
import { issueVerification, readEmailState, type VerifyDeps } from './verify-email.ts';

export type ChangeEmailDeps = VerifyDeps &
  PasswordConfirmDeps & {
    /** Mails that one person has sent. */
    mailLimit: Limiter;
  };

/**
 * Gives the caller another address. With mail, it counts once the link that goes there is opened, and whether it has an
 * account already is told to that mailbox alone. Without, it counts at once. Throws `wrong_credentials`,
 * `confirmation_required`, `rate_limited`, `busy` and, without mail, `email_taken`.
 */
export async function changeEmail(
  deps: ChangeEmailDeps,
  caller: Caller,
  { email, password }: InferOutput<typeof changedEmail>,
  browser: Browser,
): Promise<EmailState> {
  if (password === undefined) requireRecent(deps, caller);
  else await confirmByPassword(deps, caller, password, browser);
  if (email === caller.email) return await readEmailState(deps, caller.user.id, email);
  if (deps.mail === undefined) return await changeAtOnce(deps, caller, email, browser);
  deps.mailLimit.count(caller.user.id);
  const { id } = caller.user;
  const isTaken = (await findCredentials(deps.db.kysely, email)) !== undefined;
  // The same for both: only the mail tells them apart, and no link goes to an address that has an account.
  const url = await deps.db.kysely.transaction().execute(async (trx) => {
    await requireLiving(trx, caller);
    await writeAudit(trx, deps.clock, { kind: 'email_change_requested', actor: id, subject: id, from: browser });
    return await issueVerification(deps, trx, id, email);
  });
  deps.mail.send(email, (house) => (isTaken ? emailTakenLetter(house) : verifyLetter(house, url)));
  deps.mail.send(caller.email, emailChangeLetter);
  return await readEmailState(deps, id, caller.email);
}

async function changeAtOnce(
  { db, clock, secrets }: ChangeEmailDeps,
  caller: Caller,
  email: string,
  browser: Browser,
): Promise<EmailState> {
  const { id } = caller.user;
  await db.kysely.transaction().execute(async (trx) => {
    await requireLiving(trx, caller);
    if (!(await moveToEmail(trx, id, email, false, clock.now()))) {
      throw new ParlourError('email_taken', 'This address has an account already.', { field: 'email' });
    }
    await secrets.revoke('email_verification', id, trx);
    await secrets.revoke('password_reset', id, trx);
    await writeAudit(trx, clock, { kind: 'email_changed', actor: id, subject: id, from: browser });
  });
  return { email, verified: false, pending: null };
}

/** Mails the link again: to the address that is to count, or to the one that does and is not proved. Throws `mail_off`. */
export async function resendVerification(deps: ChangeEmailDeps, caller: Caller): Promise<void> {
  if (deps.mail === undefined) throw new ParlourError('mail_off', 'This house sends no mail.');
  deps.mailLimit.count(caller.user.id);
  const { id } = caller.user;
  const { verified, pending } = await readEmailState(deps, id, caller.email);
  const to = pending ?? (verified ? undefined : caller.email);
  if (to === undefined) return;
  const isTaken = to !== caller.email && (await findCredentials(deps.db.kysely, to)) !== undefined;
  const url = await deps.db.kysely.transaction().execute(async (trx) => {
    await requireLiving(trx, caller);
    return await issueVerification(deps, trx, id, to);
  });
  deps.mail.send(to, (house) => (isTaken ? emailTakenLetter(house) : verifyLetter(house, url)));
}
