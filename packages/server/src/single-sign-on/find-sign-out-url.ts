import { buildEndSessionUrl } from 'openid-client';
import type { SignedInAt } from '../accounts/open-session.ts';
import type { Log } from '../log.ts';
import type { SignOnDeps } from './sign-on-deps.ts';

/**
 * Where the browser ends its session at the provider too (OpenID Connect RP-Initiated Logout 1.0); it comes back to the
 * sign-in page. Undefined where the provider offers no such place, or cannot be asked: signing out here does not hang on
 * it.
 */
export async function findSignOutUrl(
  { providers, sealer, origin, log }: Pick<SignOnDeps, 'providers' | 'sealer' | 'origin'> & { log: Log },
  { provider: id, idToken }: SignedInAt,
): Promise<string | undefined> {
  const provider = providers.get(id);
  if (provider === undefined) return undefined;
  try {
    const { configuration } = await provider.discover();
    if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
    const hint = idToken === null ? undefined : sealer.open('id token', idToken);
    return buildEndSessionUrl(configuration, {
      post_logout_redirect_uri: `${origin()}/sign-in`,
      ...(hint === undefined ? {} : { id_token_hint: hint }),
    }).href;
  } catch (cause) {
    log.warn('The session at a sign-in provider could not be ended', { provider: id, cause });
    return undefined;
  }
}
