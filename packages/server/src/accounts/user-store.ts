import type { Role } from '@parlour/protocol/accounts';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';

export type NewUser = { id: string; name: string; handle: string; email: string; emailVerified: number; role: Role };
export type UserRow = { id: string; name: string; email: string; role: Role; bannedAt: number | null };

const columns = ['user.id', 'user.name', 'user.email', 'user.role', 'user.bannedAt'] as const;

/** Makes a person, unless the address is taken: then it answers false. */
export async function insertUser(db: Kysely<Tables>, user: NewUser, now: number): Promise<boolean> {
  const at = new Date(now).toISOString();
  const result = await db
    .insertInto('user')
    .values({ ...user, createdAt: at, updatedAt: at })
    .onConflict((oc) => oc.column('email').doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

export async function findUser(db: Kysely<Tables>, id: string): Promise<UserRow | undefined> {
  const row = await db.selectFrom('user').select(columns).where('id', '=', id).executeTakeFirst();
  return row as UserRow | undefined;
}

/** The person of an address, with the hash of their password where they have one. */
export async function findCredentials(
  db: Kysely<Tables>,
  email: string,
): Promise<(UserRow & { hash: string | null }) | undefined> {
  const row = await db
    .selectFrom('user')
    .leftJoin('passwords', 'passwords.userId', 'user.id')
    .select([...columns, 'passwords.hash'])
    .where('user.email', '=', email)
    .executeTakeFirst();
  return row as (UserRow & { hash: string | null }) | undefined;
}

export async function isEmailVerified(db: Kysely<Tables>, id: string): Promise<boolean> {
  const row = await db.selectFrom('user').select('emailVerified').where('id', '=', id).executeTakeFirst();
  return row?.emailVerified === 1;
}

/** The person has shown that their address is theirs. */
export async function markVerified(db: Kysely<Tables>, id: string, now: number): Promise<void> {
  const updatedAt = new Date(now).toISOString();
  await db.updateTable('user').set({ emailVerified: 1, updatedAt }).where('id', '=', id).execute();
}

/** Gives a person another address, unless it is taken: then it answers false. To be called in a transaction. */
export async function moveToEmail(
  trx: Kysely<Tables>,
  id: string,
  email: string,
  verified: boolean,
  now: number,
): Promise<boolean> {
  const owner = await trx.selectFrom('user').select('id').where('email', '=', email).executeTakeFirst();
  if (owner !== undefined) return false;
  const change = { email, emailVerified: verified ? 1 : 0, updatedAt: new Date(now).toISOString() };
  await trx.updateTable('user').set(change).where('id', '=', id).execute();
  return true;
}

/** Gives a person their password, or another one. */
export async function putPassword(db: Kysely<Tables>, userId: string, hash: string, now: number): Promise<void> {
  await db
    .insertInto('passwords')
    .values({ userId, hash, changedAt: now })
    .onConflict((oc) => oc.column('userId').doUpdateSet({ hash, changedAt: now }))
    .execute();
}
