import type { CreatedAccessToken, NewAccessToken } from '@parlour/protocol/access-tokens';
import { ParlourError } from '@parlour/protocol/errors';
import { limits } from '@parlour/protocol/limits';
import type { Browser } from '../accounts/browser.ts';
import type { Caller } from '../accounts/caller.ts';
import { requireRecent } from '../accounts/require-recent.ts';
import { writeAudit } from '../audit/write-audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { hashAccessToken, newAccessTokenId, newAccessTokenSecret, toAccessToken } from './access-token.ts';
import { countAccessTokens, hasSession, insertAccessToken } from './access-token-store.ts';

export type AccessTokenDeps = { db: Database; clock: Clock };

/**
 * Makes a token for a script, which acts as its maker within its scope. Anybody may make one of any scope: what it may
 * do is never more than its person may at that moment. It outlives the session, so a cookie alone does not buy it:
 * throws `confirmation_required`, and `too_many_access_tokens`.
 */
export async function createAccessToken(
  { db, clock }: AccessTokenDeps,
  caller: Caller,
  { name, scope, expiresIn }: NewAccessToken,
  browser: Browser,
): Promise<CreatedAccessToken> {
  requireRecent({ clock }, caller);
  const secret = newAccessTokenSecret();
  const { id: userId } = caller.user;
  const createdAt = clock.now();
  // A whole second, as the ends of the tokens (RFC 7519) that are minted for it are: they end together.
  const expiresAt = Math.floor(createdAt / 1_000 + expiresIn) * 1_000;
  const row = { id: newAccessTokenId(), name, scope, createdAt, expiresAt };
  await db.kysely.transaction().execute(async (trx) => {
    // Inside the transaction: whoever is banned or signed out meanwhile leaves nothing behind that still works.
    if (!(await hasSession(trx, caller.grantId))) throw new ParlourError('not_authenticated', 'Sign in first.');
    if ((await countAccessTokens(trx, userId)) >= limits.accessTokens) {
      throw new ParlourError('too_many_access_tokens', `You have ${limits.accessTokens} tokens. Revoke one first.`);
    }
    await insertAccessToken(trx, { ...row, userId, hash: hashAccessToken(secret) });
    const detail = { token: row.id, name, scope, expiresAt: new Date(expiresAt).toISOString() };
    await writeAudit(trx, clock, {
      kind: 'access_token_created',
      actor: userId,
      subject: userId,
      from: browser,
      detail,
    });
  });
  return { ...toAccessToken({ ...row, lastUsedAt: null }), token: secret };
}
