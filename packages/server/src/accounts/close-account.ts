import { ParlourError } from '@parlour/protocol/errors';
import type { Person } from '@parlour/protocol/events';
import type { Transaction } from 'kysely';
import { writeAudit } from '../audit/write-audit.ts';
import type { Tables } from '../database/tables.ts';
import type { Browser } from './browser.ts';
import type { Caller } from './caller.ts';
import { confirmByPassword, type PasswordConfirmDeps } from './confirm.ts';
import type { EndSessionDeps } from './end-sessions.ts';
import { requireRecent } from './require-recent.ts';
import { findUser } from './user-store.ts';

export type CloseAccountDeps = PasswordConfirmDeps &
  EndSessionDeps & {
    /** Takes the person out of what stands on accounts, in the same transaction; the answer is called after its commit. */
    onAccountEnding(transaction: Transaction<Tables>, person: Person): Promise<() => void>;
  };

/**
 * Closes the caller's account for good: it leaves its rooms, and every grant ends. What it said stays, without its name.
 * Throws `owner_cannot_leave`, `wrong_credentials`, `confirmation_required`, `rate_limited`, `busy`.
 */
export async function closeAccount(
  deps: CloseAccountDeps,
  caller: Caller,
  password: string | undefined,
  browser: Browser,
): Promise<void> {
  if (password === undefined) requireRecent(deps, caller);
  else await confirmByPassword(deps, caller, password, browser);
  const { id } = caller.user;
  const finish = await deps.db.kysely.transaction().execute(async (trx) => {
    const user = await findUser(trx, id);
    if (user === undefined) throw new ParlourError('not_authenticated', 'This account was closed.');
    if (user.role === 'owner') throw ownerStays();
    const left = await deps.onAccountEnding(trx, { id, name: user.name });
    await writeAudit(trx, deps.clock, { kind: 'account_closed', actor: id, subject: id, from: browser });
    await trx.deleteFrom('user').where('id', '=', id).execute();
    return left;
  });
  finish();
  deps.onSessionEnded();
}

function ownerStays(): ParlourError {
  return new ParlourError(
    'owner_cannot_leave',
    'You own this house. Make somebody else its owner before you close your account.',
  );
}
