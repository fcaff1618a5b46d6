import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { networkOf, type RateLimits, tooMany } from '../http/rate-limit.ts';
import type { Browser } from './browser.ts';
import type { KnownBrowsers } from './known-browsers.ts';

export type SignInGuardDeps = {
  db: { kysely: Kysely<Tables> };
  limits: Pick<RateLimits, 'account' | 'guesses'>;
  knownBrowsers: KnownBrowsers;
};
type Account = { email: string; userId: string | undefined };

/** A guess that was let through. */
export type Guess = {
  /** It was right. */
  forgive(): void;
  /** It was not judged. */
  takeBack(): void;
};

/** Logins that are looked back at for the networks that an account is known at. */
const lookBack = 100;

/**
 * Lets a guess at a password through, or throws `rate_limited`. Each network has its own count for each account, and
 * each browser that signed in to it before; all that are strange to the account share one delay, which grows. So a
 * thousand networks guess hardly faster than one, and whoever signs in from where they did before waits for none of it.
 * An address without an account is counted alike.
 */
export async function admitGuess(deps: SignInGuardDeps, { email, userId }: Account, browser: Browser): Promise<Guess> {
  const { limits, knownBrowsers } = deps;
  const known = userId === undefined ? undefined : knownBrowsers.find(browser.headers.get('cookie'), userId);
  const network = networkOf(browser.clientAddress);
  const wait = known === undefined ? limits.guesses.waitOf(email) : 0;
  const isDelayed = wait > 0;
  if (isDelayed && !(await isKnownNetwork(deps, userId, network))) throw tooMany(Math.ceil(wait / 1_000));
  const pair = `${email} ${known ?? network}`;
  limits.account.count(pair);
  const takeBack = known === undefined && !isDelayed ? limits.guesses.count(email) : () => undefined;
  return {
    takeBack,
    forgive: () => {
      limits.account.forget(pair);
      takeBack();
    },
  };
}

// Asked for nobody too, so that the refusal of an unknown address takes the same way.
async function isKnownNetwork({ db }: SignInGuardDeps, userId = '', network: string): Promise<boolean> {
  const logins = await db.kysely
    .selectFrom('audit')
    .select('address')
    .where('subject', '=', userId)
    .where('kind', '=', 'signed_in')
    .orderBy('number', 'desc')
    .limit(lookBack)
    .execute();
  return logins.some(({ address }) => address !== null && networkOf(address) === network);
}
