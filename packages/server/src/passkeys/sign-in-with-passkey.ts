import type { PasskeyAssertion } from '@parlour/protocol/passkeys';
import type { Browser } from '../accounts/browser.ts';
import type { Caller } from '../accounts/caller.ts';
import { confirmSession } from '../accounts/confirm.ts';
import { type LoggedIn, type LogInDeps, openSessionWith } from '../accounts/open-session.ts';
import { checkAssertion, keepProof } from './check-assertion.ts';
import type { PasskeyDeps } from './passkey.ts';
import { PasskeyFault, refuseFaults } from './refuse-passkey.ts';

/**
 * Signs in whoever's passkey it is. Having it and unlocking it are two factors, so no code is asked for. Throws
 * `passkey_refused`, `banned`.
 */
export async function signInWithPasskey(
  deps: PasskeyDeps & LogInDeps,
  assertion: PasskeyAssertion,
  browser: Browser,
): Promise<LoggedIn> {
  return await refuseFaults(deps, browser, async () => {
    const proof = await checkAssertion(deps, assertion);
    return await openSessionWith(deps, browser, async (trx) => {
      await keepProof(trx, proof, deps.clock.now());
      return { userId: proof.userId, method: 'passkey' };
    });
  });
}

/** The same as giving the password again. Throws `passkey_refused`. */
export async function confirmByPasskey(
  deps: PasskeyDeps,
  caller: Caller,
  assertion: PasskeyAssertion,
  browser: Browser,
): Promise<void> {
  await refuseFaults(deps, browser, async () => {
    const proof = await checkAssertion(deps, assertion);
    if (proof.userId !== caller.user.id) throw new PasskeyFault('person', { subject: proof.userId });
    await keepProof(deps.db.kysely, proof, deps.clock.now());
    await confirmSession(deps, caller, browser);
  });
}
