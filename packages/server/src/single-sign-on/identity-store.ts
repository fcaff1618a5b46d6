import type { Kysely, Transaction } from 'kysely';
import type { Tables } from '../database/tables.ts';

export type IdentityKey = { provider: string; subject: string };

/** Whose a sign-in at a provider is. */
export async function findIdentityOwner(
  db: Kysely<Tables>,
  { provider, subject }: IdentityKey,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('identities')
    .select('userId')
    .where('provider', '=', provider)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row?.userId;
}

/** Answers false where it is somebody's already, or this person has another one at the same provider. */
export async function insertIdentity(
  trx: Transaction<Tables>,
  row: IdentityKey & { userId: string; email: string | null; linkedAt: number },
): Promise<boolean> {
  const result = await trx
    .insertInto('identities')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function listIdentityRows(db: Kysely<Tables>, userId: string) {
  return await db
    .selectFrom('identities')
    .select(['provider', 'email', 'linkedAt'])
    .where('userId', '=', userId)
    .orderBy('provider')
    .execute();
}

export async function deleteIdentity(trx: Transaction<Tables>, userId: string, provider: string): Promise<boolean> {
  const result = await trx
    .deleteFrom('identities')
    .where('userId', '=', userId)
    .where('provider', '=', provider)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

export type LocalAccount = { id: string; emailVerified: number; hasSecondFactor: number };

export async function findAccountByEmail(db: Kysely<Tables>, email: string): Promise<LocalAccount | undefined> {
  const row = await db
    .selectFrom('user')
    .leftJoin('secondFactors', 'secondFactors.userId', 'user.id')
    .select((eb) => [
      'user.id',
      'user.emailVerified',
      eb('secondFactors.confirmedAt', 'is not', null).as('hasSecondFactor'),
    ])
    .where('user.email', '=', email)
    .executeTakeFirst();
  return row as LocalAccount | undefined;
}
