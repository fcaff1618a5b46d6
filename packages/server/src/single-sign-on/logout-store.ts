import type { Kysely, Transaction } from 'kysely';
import type { Tables } from '../database/tables.ts';

export type Logout = {
  hash: string;
  provider: string;
  subject: string | null;
  session: string | null;
  /** Seconds since 1970. */
  issuedAt: number;
  expiresAt: number;
};

/** Notes that a logout token was used; false where it was used before, on whichever server. */
export async function insertLogout(trx: Transaction<Tables>, row: Logout): Promise<boolean> {
  const result = await trx
    .insertInto('usedLogoutTokens')
    .values(row)
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Ends what hangs on a provider's session, or, where none is named, on a person there. Tells how many it were. */
export async function endProviderSessions(trx: Transaction<Tables>, logout: Logout): Promise<number> {
  const { provider, subject, session } = logout;
  let hanging = trx.selectFrom('session').select('id').where('provider', '=', provider);
  if (subject !== null) hanging = hanging.where('providerSubject', '=', subject);
  if (session !== null) {
    // Where the provider did not say at the login which session of its it was, it may have been this one.
    hanging = hanging.where((eb) =>
      eb.or([eb('providerSession', '=', session), ...(subject === null ? [] : [eb('providerSession', 'is', null)])]),
    );
  }
  const ids = (await hanging.execute()).map(({ id }) => id);
  if (ids.length === 0) return 0;
  await trx.updateTable('session').set({ endReason: 'provider_signed_out' }).where('id', 'in', ids).execute();
  await trx.deleteFrom('session').where('id', 'in', ids).execute();
  return ids.length;
}

/** Whether the provider has signed somebody out since it vouched for them: for a sign-in that was under way. */
export async function wasSignedOut(
  trx: Transaction<Tables>,
  login: { provider: string; subject: string; session: string | null; issuedAt: number },
): Promise<boolean> {
  const row = await trx
    .selectFrom('usedLogoutTokens')
    .select('hash')
    .where('provider', '=', login.provider)
    .where((eb) =>
      eb.or([
        eb.and([
          eb('session', 'is not', null),
          eb('session', '=', login.session),
          eb('issuedAt', '>=', login.issuedAt),
        ]),
        eb.and([eb('session', 'is', null), eb('subject', '=', login.subject), eb('issuedAt', '>', login.issuedAt)]),
      ]),
    )
    .executeTakeFirst();
  return row !== undefined;
}

export async function purgeLogouts(db: Kysely<Tables>, now: number): Promise<void> {
  await db.deleteFrom('usedLogoutTokens').where('expiresAt', '<=', now).execute();
}
