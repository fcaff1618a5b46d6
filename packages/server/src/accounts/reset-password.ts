import { can, outranks } from '@parlour/protocol/permissions';
import type { reset } from '@parlour/protocol/resets';
import type { Kysely, Transaction } from 'kysely';
import type { InferOutput } from 'valibot';
import { writeAudit } from '../audit/write-audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { Mailer } from '../mail/create-mailer.ts';
import { passwordResetLetter } from '../mail/password-reset-letter.ts';
import type { Browser } from './browser.ts';
import { endEveryGrant } from './end-every-grant.ts';
import type { ResetData } from './issue-reset.ts';
import { linkInvalid } from './link-invalid.ts';
import type { OneTimeSecrets } from './one-time-secrets.ts';
import type { PasswordHash } from './password-hash.ts';
import { refuseGuessable } from './refuse-guessable.ts';
import { findUser, isEmailVerified, markVerified, putPassword, type UserRow } from './user-store.ts';

export type ResetDeps = {
  db: Database;
  clock: Clock;
  houseName: string;
  secrets: OneTimeSecrets;
  passwords: PasswordHash;
  mail: Mailer | undefined;
  onSessionEnded(): void;
};

type Link = { userId: string | null; data: unknown };

/** Whose password the link would set. Throws `link_invalid`. */
export async function previewReset({ db, secrets }: ResetDeps, secret: string): Promise<{ email: string }> {
  const { email } = await ownerOf({ db, secrets }, secret);
  return { email };
}

/**
 * Sets a password by a link and ends every login and access token of the person, in one transaction. It signs nobody in
 * and takes no second factor away. Whatever else was on its way by links is void: an attacker may have asked for it.
 * Throws `link_invalid`, `busy`, and `invalid_field` for a password that is easily guessed: the link then stays good.
 */
export async function resetPassword(
  deps: ResetDeps,
  { secret, password }: InferOutput<typeof reset>,
  browser: Browser,
): Promise<void> {
  // First, so that a link that leads nowhere costs no hash; that it is used up once is for the transaction to see.
  const { name, email: address } = await ownerOf(deps, secret);
  await refuseGuessable(password, { houseName: deps.houseName, name, email: address });
  const hash = await deps.passwords.hash(password);
  const email = await deps.db.kysely.transaction().execute(async (trx) => {
    const used = await deps.secrets.use('password_reset', secret, trx);
    const user = await findOwner(trx, used);
    const data = used?.data as ResetData;
    await putPassword(trx, user.id, hash, deps.clock.now());
    if (data.address === user.email) await proveMailbox(deps, trx, user.id);
    await deps.secrets.revokeAll(user.id, trx);
    await endEveryGrant(trx, user.id, 'password_reset');
    await noteReset(deps, trx, user.id, data, browser);
    return user.email;
  });
  deps.onSessionEnded();
  deps.mail?.send(email, passwordResetLetter);
}

/**
 * Whoever holds the mailbox owns the account. Where nobody had proved that before, a stranger may have made it: what they
 * put there to come in by goes. The second factor stays, as after every reset.
 */
async function proveMailbox({ clock }: ResetDeps, trx: Transaction<Tables>, id: string): Promise<void> {
  if (await isEmailVerified(trx, id)) return;
  await trx.deleteFrom('passkeys').where('userId', '=', id).execute();
  await trx.deleteFrom('identities').where('userId', '=', id).execute();
  await markVerified(trx, id, clock.now());
}

async function ownerOf({ db, secrets }: Pick<ResetDeps, 'db' | 'secrets'>, secret: string): Promise<UserRow> {
  return await findOwner(db.kysely, await secrets.find('password_reset', secret));
}

async function findOwner(db: Kysely<Tables>, link: Link | undefined): Promise<UserRow> {
  const user = link?.userId ? await findUser(db, link.userId) : undefined;
  if (user === undefined || user.bannedAt !== null) throw linkInvalid();
  if (!(await isStillAllowed(db, link?.data as ResetData, user))) throw linkInvalid();
  return user;
}

// An admin may have kept the link that they made: it opens no account that has risen to theirs, and none once they fell.
async function isStillAllowed(db: Kysely<Tables>, { by, issuer = '' }: ResetData, user: UserRow): Promise<boolean> {
  if (by !== 'admin') return true;
  const admin = await findUser(db, issuer);
  if (admin === undefined || admin.bannedAt !== null) return false;
  return can(admin.role, 'issueResetLinks') && outranks(admin.role, user.role);
}

async function noteReset(
  { clock }: ResetDeps,
  trx: Transaction<Tables>,
  id: string,
  { by }: ResetData,
  browser: Browser,
): Promise<void> {
  await writeAudit(trx, clock, { kind: 'password_reset', subject: id, from: browser, detail: { link: by } });
}
