import { createHash, timingSafeEqual } from 'node:crypto';
import { ParlourError } from '@parlour/protocol/errors';
import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { Caller } from './caller.ts';

export type ClaimDeps = { db: Database; clock: Clock; claimCode: string };

export async function isClaimed({ db }: Pick<ClaimDeps, 'db'>): Promise<boolean> {
  return (await db.kysely.selectFrom('claims').select('one').executeTakeFirst()) !== undefined;
}

/** Makes a signed-in person the owner. Throws `claim_invalid` or `already_claimed`. */
export async function claimHouse(deps: ClaimDeps, caller: Caller, code: string): Promise<void> {
  await checkClaim(deps, code);
  await deps.db.kysely.transaction().execute(async (trx) => {
    await keepClaim(trx, caller.user.id, deps.clock.now());
    await trx.updateTable('user').set({ role: 'owner' }).where('id', '=', caller.user.id).execute();
  });
}

/** Throws `already_claimed` or `claim_invalid`. */
export async function checkClaim(deps: ClaimDeps, code: string): Promise<void> {
  if (await isClaimed(deps)) throw alreadyClaimed();
  if (!isSameCode(code, deps.claimCode)) {
    throw new ParlourError('claim_invalid', 'This is not the code that the start of this house printed.', {
      field: 'claim',
    });
  }
}

/** Writes the one row that a claim is, in the caller's transaction. Throws `already_claimed`. */
export async function keepClaim(trx: Kysely<Tables>, owner: string, at: number): Promise<void> {
  const result = await trx
    .insertInto('claims')
    .values({ one: 1, owner, at })
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst();
  if (result.numInsertedOrUpdatedRows !== 1n) throw alreadyClaimed();
}

// Typed by hand, perhaps: case, spaces and dashes are not part of it. Hashed, so that neither length nor content shows in time.
function isSameCode(given: string, expected: string): boolean {
  const digest = (code: string) => createHash('sha256').update(code.replaceAll(/[\s-]/g, '').toUpperCase()).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function alreadyClaimed(): ParlourError {
  return new ParlourError('already_claimed', 'This house has an owner already.');
}
