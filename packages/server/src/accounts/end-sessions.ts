import type { RevocationReason } from '@parlour/protocol/close-codes';
import { ParlourError } from '@parlour/protocol/errors';
import type { Kysely } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { Caller } from './caller.ts';

export type EndSessionDeps = {
  db: Database;
  /** The revocation log has something new, so that it is read at once. */
  onSessionEnded(): void;
};
type Which = { userId: string; id?: string; except?: string };

/**
 * Ends sessions of one person inside the caller's transaction, and tells how many. The reason is written first, because
 * the trigger that writes the revocation log when a row goes takes it from there.
 */
export async function endSessions(trx: Kysely<Tables>, which: Which, reason: RevocationReason): Promise<number> {
  const { userId, id, except } = which;
  let marking = trx.updateTable('session').set({ endReason: reason }).where('userId', '=', userId);
  let ending = trx.deleteFrom('session').where('userId', '=', userId);
  if (id !== undefined) [marking, ending] = [marking.where('id', '=', id), ending.where('id', '=', id)];
  if (except !== undefined) [marking, ending] = [marking.where('id', '!=', except), ending.where('id', '!=', except)];
  await marking.execute();
  return Number((await ending.executeTakeFirst()).numDeletedRows);
}

/** Signs one's own other device out, or this one. Somebody else's session is not there. Throws `session_not_found`. */
export async function endSession(deps: EndSessionDeps, caller: Caller, id: string): Promise<void> {
  const reason = id === caller.grantId ? 'signed_out' : 'signed_out_elsewhere';
  const ended = await deps.db.kysely
    .transaction()
    .execute((trx) => endSessions(trx, { userId: caller.user.id, id }, reason));
  if (ended === 0) throw new ParlourError('session_not_found', 'There is no such login. It may have ended already.');
  deps.onSessionEnded();
}

/** Signs every other device of the caller out. */
export async function endOtherSessions(deps: EndSessionDeps, caller: Caller): Promise<void> {
  const which = { userId: caller.user.id, except: caller.grantId };
  await deps.db.kysely.transaction().execute((trx) => endSessions(trx, which, 'signed_out_everywhere'));
  deps.onSessionEnded();
}
