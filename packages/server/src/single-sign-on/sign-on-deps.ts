import type { SignInGround } from '../accounts/create-accounts.ts';
import type { Sealer } from '../accounts/sealer.ts';
import type { Provider } from './provider.ts';
import type { SignOnCookie } from './sign-on-cookie.ts';

export type SignOnDeps = SignInGround & {
  providers: ReadonlyMap<string, Provider>;
  sealer: Sealer;
  browsers: SignOnCookie;
  /** The origin that people reach this house at. */
  origin(): string;
};

/** Where the provider sends the browser back to: to be registered there. */
export function callbackUrl({ origin }: Pick<SignOnDeps, 'origin'>, provider: string): string {
  return `${origin()}/api/auth/oidc/${provider}/callback`;
}
