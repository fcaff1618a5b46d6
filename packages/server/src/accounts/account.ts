import type { Account } from '@parlour/protocol/accounts';
import { ParlourError } from '@parlour/protocol/errors';
import { handleOf } from '@parlour/protocol/mentions';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Caller } from './caller.ts';

/** The caller's own account, for themselves. */
export function toAccount({ user, email, role, createdAt }: Caller): Account {
  return { id: user.id, name: user.name, email, role, createdAt };
}

/** Throws `not_authenticated` when the account ended meanwhile. */
export async function renameAccount(
  { db, clock }: { db: Database; clock: Clock },
  caller: Caller,
  name: string,
): Promise<Account> {
  const result = await db.kysely
    .updateTable('user')
    .set({ name, handle: handleOf(name), updatedAt: new Date(clock.now()).toISOString() })
    .where('id', '=', caller.user.id)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) throw new ParlourError('not_authenticated', 'This account was closed.');
  return { ...toAccount(caller), name };
}
