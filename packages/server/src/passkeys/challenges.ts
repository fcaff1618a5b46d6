import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import * as v from 'valibot';
import type { OneTimeSecrets } from '../accounts/one-time-secrets.ts';
import type { Tables } from '../database/tables.ts';

/** Seconds that a person has with their authenticator. */
export const challengeSeconds = 300;

/** Signing in is for whoever comes; registering is for the session that asked. */
type Purpose = { use: 'sign_in' } | { use: 'register'; session: string; userId: string };

const kept = v.object({ challenge: v.string(), use: v.string(), session: v.nullable(v.string()) });

/**
 * A challenge that an authenticator is to sign: random, for one purpose, once. The handle that brings it back goes only
 * to the browser that asked.
 */
export async function issueChallenge(secrets: OneTimeSecrets, purpose: Purpose, trx?: Kysely<Tables>) {
  const challenge = randomBytes(32);
  const { use, session, userId } = { session: null, userId: undefined, ...purpose };
  const data = { challenge: challenge.toString('base64url'), use, session };
  const who = userId === undefined ? {} : { userId };
  return { challenge, handle: await secrets.issue({ kind: 'passkey', data, seconds: challengeSeconds, ...who }, trx) };
}

/** Uses the challenge up. Undefined where it is unknown, used, too old or for something else. */
export async function useChallenge(secrets: OneTimeSecrets, handle: string, purpose: Purpose) {
  const used = await secrets.use('passkey', handle);
  const { challenge, use, session } = v.parse(v.nullable(kept), used?.data ?? null) ?? {};
  const isMeant = use === purpose.use && session === (purpose.use === 'register' ? purpose.session : null);
  return isMeant ? challenge : undefined;
}
