import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';

export type PasskeyRow = Tables['passkeys'];

const columns = [
  'id',
  'userId',
  'name',
  'publicKey',
  'counter',
  'transports',
  'backedUp',
  'createdAt',
  'lastUsedAt',
] as const satisfies readonly (keyof PasskeyRow)[];

export async function listPasskeyRows(db: Kysely<Tables>, userId: string): Promise<PasskeyRow[]> {
  return await db.selectFrom('passkeys').select(columns).where('userId', '=', userId).orderBy('createdAt').execute();
}

export async function findPasskey(db: Kysely<Tables>, id: string): Promise<PasskeyRow | undefined> {
  return await db.selectFrom('passkeys').select(columns).where('id', '=', id).executeTakeFirst();
}

export async function countPasskeys(db: Kysely<Tables>, userId: string): Promise<number> {
  const { count } = await db
    .selectFrom('passkeys')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('userId', '=', userId)
    .executeTakeFirstOrThrow();
  return count;
}

/** False where the authenticator's credential is known already. */
export async function insertPasskey(db: Kysely<Tables>, row: PasskeyRow): Promise<boolean> {
  const result = await db
    .insertInto('passkeys')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/**
 * Notes a use. False where the counter did not move on, as in a copy of the authenticator; most passkeys count nothing
 * and stay at 0 (WebAuthn level 3, section 6.1.1).
 */
export async function noteUse(
  db: Kysely<Tables>,
  { id, counter, backedUp, at }: { id: string; counter: number; backedUp: boolean; at: number },
): Promise<boolean> {
  const result = await db
    .updateTable('passkeys')
    .set({ counter, backedUp: backedUp ? 1 : 0, lastUsedAt: at })
    .where('id', '=', id)
    .where('counter', counter === 0 ? '=' : '<', counter)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function updateName(db: Kysely<Tables>, userId: string, id: string, name: string): Promise<boolean> {
  const result = await db
    .updateTable('passkeys')
    .set({ name })
    .where('userId', '=', userId)
    .where('id', '=', id)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** The row that was there, or undefined. */
export async function removePasskey(db: Kysely<Tables>, userId: string, id: string): Promise<PasskeyRow | undefined> {
  return await db
    .deleteFrom('passkeys')
    .where('userId', '=', userId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst();
}
