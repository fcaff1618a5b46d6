import { createHash } from 'node:crypto';
import { ParlourError } from '@parlour/protocol/errors';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Browser } from '../accounts/browser.ts';
import { endProviderSessions, insertLogout, type Logout } from './logout-store.ts';
import { type Provider, providerTolerance, signingAlgorithms } from './provider.ts';
import { providerUnavailable } from './provider-fetch.ts';
import type { SignOnDeps } from './sign-on-deps.ts';

const event = 'http://schemas.openid.net/event/backchannel-logout';
/** Seconds after which a logout token is too old, whatever it says: until then it is remembered that it was used. */
const maximumAge = 600;
// A type says what a token is for. Some providers give none, and some the one that all of their tokens have.
const types = new Set([undefined, 'logout+jwt', 'application/logout+jwt', 'jwt']);

/**
 * Ends the sessions that a provider has signed out (OpenID Connect Back-Channel Logout 1.0): those of the session that it
 * names, or all of the person's. Throws `logout_token_invalid` or `provider_unavailable`.
 */
export async function logOutByProvider(
  deps: SignOnDeps,
  provider: Provider,
  token: string,
  from: Browser,
): Promise<void> {
  try {
    const logout = await readLogoutToken(deps, provider, token);
    const ended = await deps.db.kysely.transaction().execute(async (trx) => {
      if (!(await insertLogout(trx, logout))) throw invalid('it was used before');
      return await endProviderSessions(trx, logout);
    });
    if (ended > 0) deps.onSessionEnded();
  } catch (error) {
    if (error instanceof ParlourError && error.code === 'logout_token_invalid') {
      const detail = { provider: provider.settings.id, reason: error.message };
      await deps.attempts.note({ kind: 'logout_token_refused', from, detail });
    }
    throw error;
  }
}

/** What section 2.6 of the specification asks for, and no more tolerance than the providers' clocks get anywhere. */
async function readLogoutToken({ clock }: SignOnDeps, provider: Provider, token: string): Promise<Logout> {
  const { issuer, keys } = await provider.discover();
  const { payload, protectedHeader } = await jwtVerify(token, keys, {
    issuer,
    audience: provider.settings.clientId,
    algorithms: signingAlgorithms,
    requiredClaims: ['iss', 'aud', 'iat', 'exp', 'jti', 'events'],
    clockTolerance: providerTolerance,
    currentDate: new Date(clock.now()),
    maxTokenAge: maximumAge,
  }).catch((error: unknown) => {
    throw explain(error);
  });
  if (!types.has(protectedHeader.typ?.toLowerCase())) throw invalid('its type is another');
  return toLogout(provider.settings.id, payload);
}

function toLogout(provider: string, { events, nonce, sub, sid, jti, iat = 0 }: JWTPayload): Logout {
  if (!isRecord(events) || !isRecord(events[event])) throw invalid('it tells of no logout');
  if (nonce !== undefined) throw invalid('it is an ID token');
  if (!isNamed(sub) || !isNamed(sid) || (sub === undefined && sid === undefined)) throw invalid('it names nobody');
  if (typeof jti !== 'string' || jti === '') throw invalid('it has no identifier');
  return {
    hash: createHash('sha256')
      .update(JSON.stringify([provider, jti]))
      .digest('base64url'),
    provider,
    subject: sub ?? null,
    session: sid ?? null,
    issuedAt: iat,
    expiresAt: (iat + maximumAge + 2 * providerTolerance) * 1_000,
  };
}

// Anything but a fault of the token itself means that its keys could not be had.
function explain(error: unknown): ParlourError {
  if (error instanceof errors.JWKSTimeout) return providerUnavailable(error);
  if (error instanceof errors.JOSEError) return invalid(error.message, error);
  return error instanceof ParlourError ? error : providerUnavailable(error);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNamed(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && value !== '' && value.length <= 1_000);
}

function invalid(reason: string, cause?: unknown): ParlourError {
  return new ParlourError('logout_token_invalid', `This is not a valid logout token: ${reason}.`, { cause });
}
