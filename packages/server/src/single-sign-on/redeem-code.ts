import { ParlourError } from '@parlour/protocol/errors';
import { AuthorizationResponseError, authorizationCodeGrant, fetchUserInfo, type IDToken } from 'openid-client';
import type { Attempt } from './begin-sign-on.ts';
import type { Provider } from './provider.ts';
import { callbackUrl, type SignOnDeps } from './sign-on-deps.ts';

/** Who came back from a provider, as it vouches for them. */
export type SignedOn = {
  provider: string;
  subject: string;
  session: string | null;
  idToken: string;
  /** When the provider said so, in seconds since 1970. */
  issuedAt: number;
  /** Asks the provider for what the ID token left out. Throws `provider_unavailable` or `provider_refused`. */
  readProfile(): Promise<Profile>;
};
export type Profile = { email?: unknown; email_verified?: unknown; name?: unknown; preferred_username?: unknown };

/**
 * Redeems the code that the browser brought back: state, `iss` (RFC 9207), PKCE, nonce, and the ID token's signature and
 * claims. Throws `provider_unavailable`, `provider_refused` or `sign_on_cancelled`.
 */
export async function redeemCode(
  deps: SignOnDeps,
  provider: Provider,
  attempt: Attempt,
  query: URLSearchParams,
): Promise<SignedOn> {
  const { configuration } = await provider.discover();
  const url = new URL(callbackUrl(deps, provider.settings.id));
  url.search = query.toString();
  const tokens = await told(() =>
    authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: attempt.verifier,
      expectedState: query.get('state') ?? '',
      expectedNonce: attempt.nonce,
      idTokenExpected: true,
    }),
  );
  const claims = tokens.claims() as IDToken;
  return {
    provider: provider.settings.id,
    subject: claims.sub,
    session: typeof claims['sid'] === 'string' ? claims['sid'] : null,
    idToken: tokens.id_token ?? '',
    issuedAt: claims.iat,
    readProfile: async () => {
      const { userinfo_endpoint } = configuration.serverMetadata();
      if (claims['email'] !== undefined || userinfo_endpoint === undefined) return claims as Profile;
      return await told(() => fetchUserInfo(configuration, tokens.access_token, claims.sub));
    },
  };
}

async function told<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    throw explain(error);
  }
}

function explain(error: unknown): ParlourError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof ParlourError) return cause;
  }
  if (error instanceof AuthorizationResponseError && error.error === 'access_denied') {
    return new ParlourError('sign_on_cancelled', 'You did not finish signing in at your provider.');
  }
  // Only what went wrong: the errors themselves hold codes and tokens, and causes are logged.
  const cause = new Error(describeError(error));
  return new ParlourError('provider_refused', 'Your sign-in provider did not confirm who you are.', { cause });
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return error.cause instanceof Error ? `${error.message}: ${describeError(error.cause)}` : error.message;
}
