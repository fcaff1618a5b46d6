import type { RevocationReason } from '@parlour/protocol/close-codes';
import { ParlourError } from '@parlour/protocol/errors';
import type { Kysely } from 'kysely';
import { writeAudit } from '../audit/write-audit.ts';
import type { Clock } from '../clock.ts';
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

type RevokeDeps = EndSessionDeps & { clock: Clock };

/**
 * Signs one's own other device out, or this one. Somebody else's session is not there. A login that ends notes where it
 * was begun, so who ends another one's is noted too. Throws `session_not_found`.
 */
export async function endSession(deps: RevokeDeps, caller: Caller, id: string): Promise<void> {
  const { user, grantId } = caller;
  const isOwn = id === grantId;
  await deps.db.kysely.transaction().execute(async (trx) => {
    const ended = await endSessions(trx, { userId: user.id, id }, isOwn ? 'signed_out' : 'signed_out_elsewhere');
    if (ended === 0) throw new ParlourError('session_not_found', 'There is no such login. It may have ended already.');
    if (!isOwn) await noteRevocation(deps, trx, caller, 'session_revoked', { session: id });
  });
  deps.onSessionEnded();
}

/** Signs every other device of the caller out. */
export async function endOtherSessions(deps: RevokeDeps, caller: Caller): Promise<void> {
  const which = { userId: caller.user.id, except: caller.grantId };
  await deps.db.kysely.transaction().execute(async (trx) => {
    const count = await endSessions(trx, which, 'signed_out_everywhere');
    if (count > 0) await noteRevocation(deps, trx, caller, 'other_sessions_revoked', { count });
  });
  deps.onSessionEnded();
}

async function noteRevocation(
  { clock }: RevokeDeps,
  trx: Kysely<Tables>,
  { user: { id }, from }: Caller,
  kind: 'session_revoked' | 'other_sessions_revoked',
  detail: Record<string, unknown>,
): Promise<void> {
  await writeAudit(trx, clock, { kind, actor: id, subject: id, from, detail });
}
