import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';

export type SecondFactorRow = { secret: string; confirmedAt: number | null };

export async function findSecondFactor(db: Kysely<Tables>, userId: string): Promise<SecondFactorRow | undefined> {
  return await db
    .selectFrom('secondFactors')
    .select(['secret', 'confirmedAt'])
    .where('userId', '=', userId)
    .executeTakeFirst();
}

/** Keeps a secret that is still to be confirmed, in place of one that never was. False where one is confirmed. */
export async function putDraft(db: Kysely<Tables>, userId: string, secret: string): Promise<boolean> {
  const result = await db
    .insertInto('secondFactors')
    .values({ userId, secret, confirmedAt: null })
    .onConflict((oc) => oc.column('userId').doUpdateSet({ secret }).where('secondFactors.confirmedAt', 'is', null))
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Makes this draft count, with the step that confirmed it used up. False where another came in between. */
export async function confirmDraft(
  db: Kysely<Tables>,
  userId: string,
  { secret, step, at }: { secret: string; step: number; at: number },
): Promise<boolean> {
  const result = await db
    .updateTable('secondFactors')
    .set({ confirmedAt: at, lastStep: step })
    .where('userId', '=', userId)
    .where('secret', '=', secret)
    .where('confirmedAt', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Uses a step up, in one statement: of two who race, one gets it. False where it, or a later one, was used. */
export async function spendStep(db: Kysely<Tables>, userId: string, step: number): Promise<boolean> {
  const result = await db
    .updateTable('secondFactors')
    .set({ lastStep: step })
    .where('userId', '=', userId)
    .where('confirmedAt', 'is not', null)
    .where('lastStep', '<', step)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function removeSecondFactor(db: Kysely<Tables>, userId: string): Promise<void> {
  await db.deleteFrom('secondFactors').where('userId', '=', userId).execute();
  await db.deleteFrom('recoveryCodes').where('userId', '=', userId).execute();
}

export async function countRecoveryCodes(db: Kysely<Tables>, userId: string): Promise<number> {
  const { count } = await db
    .selectFrom('recoveryCodes')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('userId', '=', userId)
    .where('usedAt', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}

export async function replaceRecoveryCodes(db: Kysely<Tables>, userId: string, hashes: string[]): Promise<void> {
  await db.deleteFrom('recoveryCodes').where('userId', '=', userId).execute();
  const rows = hashes.map((hash) => ({ userId, hash, usedAt: null }));
  await db.insertInto('recoveryCodes').values(rows).execute();
}

/** Uses one up, in one statement. False for one that is unknown or was used. */
export async function spendRecoveryCode(
  db: Kysely<Tables>,
  { userId, hash, at }: { userId: string; hash: string; at: number },
): Promise<boolean> {
  const result = await db
    .updateTable('recoveryCodes')
    .set({ usedAt: at })
    .where('userId', '=', userId)
    .where('hash', '=', hash)
    .where('usedAt', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
