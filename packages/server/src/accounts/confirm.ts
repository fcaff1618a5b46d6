import { ParlourError } from '@parlour/protocol/errors';
import { limits } from '@parlour/protocol/limits';
import { writeAudit } from '../audit/write-audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Limiter } from '../http/rate-limit.ts';
import type { Browser } from './browser.ts';
import type { Caller } from './caller.ts';
import type { PasswordHash } from './password-hash.ts';
import { findCredentials } from './user-store.ts';

export type ConfirmDeps = { db: Database; clock: Clock };
export type PasswordConfirmDeps = ConfirmDeps & { accountLimit: Limiter; passwords: PasswordHash };

/** Notes that the caller has just shown again who they are. Throws `not_authenticated` where the session has ended. */
export async function confirmSession({ db, clock }: ConfirmDeps, caller: Caller, browser: Browser): Promise<void> {
  await db.kysely.transaction().execute(async (trx) => {
    const confirmed = await trx
      .updateTable('session')
      .set({ confirmedAt: clock.now() })
      .where('id', '=', caller.grantId)
      .executeTakeFirst();
    if (confirmed.numUpdatedRows !== 1n) throw new ParlourError('not_authenticated', 'Sign in first.');
    const { id } = caller.user;
    const detail = { session: caller.grantId };
    await writeAudit(trx, clock, { kind: 'session_confirmed', actor: id, subject: id, from: browser, detail });
  });
}

/** Throws `wrong_credentials`, `rate_limited`, `busy`. */
export async function confirmByPassword(
  deps: PasswordConfirmDeps,
  caller: Caller,
  password: string,
  browser: Browser,
  field = 'password',
): Promise<void> {
  const { id } = caller.user;
  // A count of its own: whoever guesses at the door, without a session, locks nobody out of this.
  const key = `confirm ${id}`;
  deps.accountLimit.count(key);
  const found = await findCredentials(deps.db.kysely, caller.email);
  const isPossible = password.length <= limits.passwordMaximum * 2;
  if (!(await deps.passwords.verify(password, found?.hash ?? undefined)) || !isPossible) {
    const detail = { session: caller.grantId };
    await writeAudit(deps.db.kysely, deps.clock, {
      kind: 'confirmation_failed',
      actor: id,
      subject: id,
      from: browser,
      detail,
    });
    throw new ParlourError('wrong_credentials', 'This is not your password.', { field });
  }
  deps.accountLimit.forget(key);
  await confirmSession(deps, caller, browser);
}
