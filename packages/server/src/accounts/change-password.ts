import { ParlourError } from '@parlour/protocol/errors';
import type { changedPassword } from '@parlour/protocol/sessions';
import type { InferOutput } from 'valibot';
import { writeAudit } from '../audit/write-audit.ts';
import type { Browser } from './browser.ts';
import type { Caller } from './caller.ts';
import { confirmByPassword, type PasswordConfirmDeps } from './confirm.ts';
import { type EndSessionDeps, endSessions } from './end-sessions.ts';
import { refuseGuessable } from './refuse-guessable.ts';
import { requireLiving } from './require-living.ts';
import { requireRecent } from './require-recent.ts';
import { findCredentials, putPassword } from './user-store.ts';

export type ChangePasswordDeps = PasswordConfirmDeps & EndSessionDeps & { houseName: string };

/**
 * Gives the caller another password, or a first one, and signs every other device out in the same transaction. Access
 * tokens stay: they have ends of their own. Throws `wrong_credentials`, `confirmation_required`, `rate_limited`, `busy`, and `invalid_field` for
 * one that is easily guessed.
 */
export async function changePassword(
  deps: ChangePasswordDeps,
  caller: Caller,
  { current, password }: InferOutput<typeof changedPassword>,
  browser: Browser,
): Promise<void> {
  await confirmChange(deps, caller, current, browser);
  await refuseGuessable(password, { houseName: deps.houseName, name: caller.user.name, email: caller.email });
  // Before the transaction, which must not wait for it: every message in the house waits for the transaction.
  const hash = await deps.passwords.hash(password);
  const { id } = caller.user;
  await deps.db.kysely.transaction().execute(async (trx) => {
    // Another change of the password, or a reset, has ended this session: then what was confirmed above is void.
    await requireLiving(trx, caller);
    await putPassword(trx, id, hash, deps.clock.now());
    // What else is on its way by links may have been asked for by whom the change is to keep out.
    await trx.deleteFrom('oneTimeSecrets').where('userId', '=', id).execute();
    await endSessions(trx, { userId: id, except: caller.grantId }, 'password_changed');
    await writeAudit(trx, deps.clock, { kind: 'password_changed', actor: id, subject: id, from: browser });
  });
  deps.onSessionEnded();
}

async function confirmChange(
  deps: ChangePasswordDeps,
  caller: Caller,
  current: string | undefined,
  browser: Browser,
): Promise<void> {
  const { hash = null } = (await findCredentials(deps.db.kysely, caller.email)) ?? {};
  if (hash === null) return requireRecent(deps, caller);
  if (current === undefined) {
    throw new ParlourError('wrong_credentials', 'Your present password is missing.', { field: 'current' });
  }
  await confirmByPassword(deps, caller, current, browser, 'current');
}
