import { Sealer } from '../accounts/sealer.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Secrets } from '../secrets.ts';
import { Provider } from './provider.ts';
import { SignOnCookie } from './sign-on-cookie.ts';
import type { SignOnDeps } from './sign-on-deps.ts';

type Options = { clock: Clock; secrets: Secrets; origin(): string };

/** The providers of the settings, none of which has been asked for anything yet. */
export function createSignInProviders(
  { providers, publicOrigin }: Pick<Config, 'providers' | 'publicOrigin'>,
  { clock, secrets, origin }: Options,
): Pick<SignOnDeps, 'providers' | 'sealer' | 'browsers' | 'origin'> {
  return {
    providers: new Map(providers.map((settings) => [settings.id, new Provider(settings, clock)])),
    sealer: new Sealer(secrets.sealingKey),
    browsers: new SignOnCookie({ secure: publicOrigin?.startsWith('https:') ?? false }),
    origin,
  };
}
