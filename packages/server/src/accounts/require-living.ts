import { ParlourError } from '@parlour/protocol/errors';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import type { Caller } from './caller.ts';

/**
 * In the transaction of whatever would let somebody in for longer than the login that it is done in: a request that was
 * under way when that login ended leaves nothing behind. Throws `not_authenticated`.
 */
export async function requireLiving(trx: Kysely<Tables>, { grantId }: Pick<Caller, 'grantId'>): Promise<void> {
  const held = trx.selectFrom('session').select('id').where('id', '=', grantId);
  if ((await held.executeTakeFirst()) === undefined) throw new ParlourError('not_authenticated', 'Sign in again.');
}
