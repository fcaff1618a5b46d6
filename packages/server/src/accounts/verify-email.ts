import { ParlourError } from '@parlour/protocol/errors';
import type { EmailState } from '@parlour/protocol/resets';
import type { Kysely, Transaction } from 'kysely';
import { writeAudit } from '../audit/write-audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { Mailer } from '../mail/create-mailer.ts';
import { emailChangedLetter } from '../mail/email-changed-letter.ts';
import { verifyLetter } from '../mail/verify-letter.ts';
import type { Browser } from './browser.ts';
import type { Caller } from './caller.ts';
import { linkInvalid } from './link-invalid.ts';
import type { OneTimeSecrets } from './one-time-secrets.ts';
import { findUser, isEmailVerified, markVerified, moveToEmail } from './user-store.ts';

export type VerifyDeps = {
  db: Database;
  clock: Clock;
  secrets: OneTimeSecrets;
  mail: Mailer | undefined;
  origin(): string;
};
type PendingEmail = { email: string };

const day = 24 * 60 * 60;

/**
 * Makes the link that proves a mailbox to be the person's, theirs already or to be; earlier ones stop working, so that
 * an address which was given up never comes back by an old mail.
 */
export async function issueVerification(
  { secrets, origin }: VerifyDeps,
  trx: Transaction<Tables>,
  userId: string,
  email: string,
): Promise<string> {
  const data: PendingEmail = { email };
  await secrets.revoke('email_verification', userId, trx);
  const secret = await secrets.issue({ kind: 'email_verification', userId, data, seconds: day }, trx);
  return `${origin()}/verify#${secret}`;
}

/** Mails such a link; without mail, nothing waits for it. */
export async function askToVerify(deps: VerifyDeps, userId: string, email: string): Promise<void> {
  if (deps.mail === undefined) return;
  const url = await deps.db.kysely.transaction().execute((trx) => issueVerification(deps, trx, userId, email));
  deps.mail.send(email, (house) => verifyLetter(house, url));
}

export async function readEmailState({ db, secrets }: VerifyDeps, userId: string, email: string): Promise<EmailState> {
  const [verified, waiting] = await Promise.all([
    isEmailVerified(db.kysely, userId),
    secrets.findOf('email_verification', userId),
  ]);
  const pending = (waiting as PendingEmail | undefined)?.email ?? email;
  return { email, verified, pending: pending === email ? null : pending };
}

/**
 * Uses the link: from here on the address is the person's, and proved. Only in their own login: otherwise a stranger
 * could sign up with somebody's address and have its owner prove it by a click. Throws `link_invalid`, and `forbidden` in
 * another person's login, where the link stays good.
 */
export async function verifyEmail(
  deps: VerifyDeps,
  caller: Caller,
  secret: string,
  browser: Browser,
): Promise<{ email: string }> {
  const { db, clock, secrets } = deps;
  const { email, before } = await db.kysely.transaction().execute(async (trx) => {
    const used = await secrets.use('email_verification', secret, trx);
    if (!used?.userId) throw linkInvalid();
    if (used.userId !== caller.user.id) throw anotherPerson();
    const user = await findUser(trx, used.userId);
    if (user === undefined || user.bannedAt !== null) throw linkInvalid();
    const { email } = used.data as PendingEmail;
    const kind = await proveEmail(deps, trx, user, email);
    await writeAudit(trx, clock, { kind, actor: user.id, subject: user.id, from: browser });
    return { email, before: user.email };
  });
  if (before !== email) deps.mail?.send(before, emailChangedLetter);
  return { email };
}

async function proveEmail(
  { clock, secrets }: VerifyDeps,
  trx: Kysely<Tables>,
  user: { id: string; email: string },
  email: string,
): Promise<'email_verified' | 'email_changed'> {
  if (user.email === email) {
    await markVerified(trx, user.id, clock.now());
    return 'email_verified';
  }
  // Somebody else may have signed up with it meanwhile.
  if (!(await moveToEmail(trx, user.id, email, true, clock.now()))) throw linkInvalid();
  // Those went to a mailbox that counts no more.
  await secrets.revoke('password_reset', user.id, trx);
  return 'email_changed';
}

function anotherPerson(): ParlourError {
  return new ParlourError('forbidden', 'This link belongs to another account. Sign in to that one first.');
}
