import { buildAuthorizationUrl, calculatePKCECodeChallenge, randomNonce, randomPKCECodeVerifier } from 'openid-client';
import type { Entry } from '../accounts/admission.ts';
import type { Browser } from '../accounts/browser.ts';
import type { Provider } from './provider.ts';
import { callbackUrl, type SignOnDeps } from './sign-on-deps.ts';

/** Seconds that somebody has for signing in at the provider. */
export const attemptLife = 600;

/** One sign-in that is under way, as the server remembers it. */
export type Attempt = {
  provider: string;
  /** The hash of the cookie of the browser that began it. */
  browser: string;
  verifier: string;
  nonce: string;
  /** A path of this house. */
  to: string;
  entry: Entry;
  /** The session that wants to be linked with the provider; only it can finish this. */
  linkTo: string | null;
};
export type Start = Pick<Attempt, 'to' | 'entry' | 'linkTo'>;

/**
 * Begins a sign-in: answers where the browser goes, and the cookie that ties the attempt to it. Throws
 * `provider_unavailable`.
 */
export async function beginSignOn(
  deps: SignOnDeps,
  provider: Provider,
  start: Start,
  { headers }: Browser,
): Promise<{ url: URL; cookie: string }> {
  const { configuration } = await provider.discover();
  const browser = deps.browsers.keep(headers.get('cookie'), attemptLife);
  const { id, scopes } = provider.settings;
  const [verifier, nonce] = [randomPKCECodeVerifier(), randomNonce()];
  const attempt: Attempt = { provider: id, browser: browser.hash, verifier, nonce, ...start };
  // Sealed, because an invite or a claim code that goes along is worth something to whoever reads the table.
  const data = deps.sealer.seal('single sign-on', JSON.stringify(attempt));
  const state = await deps.secrets.issue({ kind: 'single_sign_on', data, seconds: attemptLife });
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: callbackUrl(deps, id),
    scope: scopes,
    state,
    nonce,
    code_challenge: await calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  return { url, cookie: browser.cookie };
}

/** Takes up an attempt that comes back, once. Undefined where it is over, another provider's or another browser's. */
export async function takeAttempt(
  deps: SignOnDeps,
  provider: Provider,
  state: string,
  { headers }: Browser,
): Promise<Attempt | undefined> {
  const used = await deps.secrets.use('single_sign_on', state);
  const text = typeof used?.data === 'string' ? deps.sealer.open('single sign-on', used.data) : undefined;
  if (text === undefined) return undefined;
  const attempt: Attempt = JSON.parse(text);
  const isOurs = attempt.browser === deps.browsers.read(headers.get('cookie'));
  return isOurs && attempt.provider === provider.settings.id ? attempt : undefined;
}
