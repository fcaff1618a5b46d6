import type { RevocationReason } from '@parlour/protocol/close-codes';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { endSessions } from './end-sessions.ts';

/** Ends whatever lets somebody act as this person, access tokens too: a stranger may have made one. */
export async function endEveryGrant(trx: Kysely<Tables>, userId: string, reason: RevocationReason): Promise<void> {
  await endSessions(trx, { userId }, reason);
  await trx.updateTable('accessTokens').set({ endReason: reason }).where('userId', '=', userId).execute();
  await trx.deleteFrom('accessTokens').where('userId', '=', userId).execute();
}
