import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';

export type SignInWays = { password: boolean; passkeys: number; identities: number };

/**
 * By what a person can sign in: nobody may lose the last of it. Identities at providers that this house does not know any
 * more open nothing, and do not count. Read it in the transaction that takes one away.
 */
export async function findSignInWays(
  db: Kysely<Tables>,
  providers: Iterable<string>,
  userId: string,
): Promise<SignInWays> {
  const known = new Set(providers);
  const count = (table: 'passwords' | 'passkeys') =>
    db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where('userId', '=', userId);
  const found = await db
    .selectNoFrom([count('passwords').as('passwords'), count('passkeys').as('passkeys')])
    .executeTakeFirstOrThrow();
  const identities = await db.selectFrom('identities').select('provider').where('userId', '=', userId).execute();
  return {
    password: (found.passwords ?? 0) > 0,
    passkeys: found.passkeys ?? 0,
    identities: identities.filter(({ provider }) => known.has(provider)).length,
  };
}
