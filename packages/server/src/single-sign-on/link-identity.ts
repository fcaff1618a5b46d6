import { ParlourError } from '@parlour/protocol/errors';
import type { Identity } from '@parlour/protocol/single-sign-on';
import type { Browser } from '../accounts/browser.ts';
import type { Caller } from '../accounts/caller.ts';
import { requireLiving } from '../accounts/require-living.ts';
import { findSignInWays } from '../accounts/sign-in-ways.ts';
import { writeAudit } from '../audit/write-audit.ts';
import type { Attempt } from './begin-sign-on.ts';
import { deleteIdentity, findIdentityOwner, insertIdentity, listIdentityRows } from './identity-store.ts';
import type { Profile, SignedOn } from './redeem-code.ts';
import type { SignOnDeps } from './sign-on-deps.ts';

/** Also those at providers that the settings name no longer: they can be removed. */
export async function listIdentities({ db, providers }: SignOnDeps, { user }: Caller): Promise<Identity[]> {
  const rows = await listIdentityRows(db.kysely, user.id);
  return rows.map(({ provider, email, linkedAt }) => ({
    provider,
    name: providers.get(provider)?.settings.name ?? provider,
    email,
    linkedAt: new Date(linkedAt).toISOString(),
  }));
}

/**
 * Gives a sign-in at a provider to the person in whose session this began. Throws `sign_on_expired` in any other
 * session, `identity_taken` or `identity_exists`.
 */
export async function linkIdentity(
  { db, clock }: SignOnDeps,
  caller: Caller | undefined,
  { linkTo }: Attempt,
  signedOn: SignedOn,
  browser: Browser,
): Promise<void> {
  if (caller === undefined || caller.grantId !== linkTo) {
    throw new ParlourError('sign_on_expired', 'The login that this began in has ended. Try again.');
  }
  const { provider, subject } = signedOn;
  const userId = caller.user.id;
  const email = toText((await signedOn.readProfile()).email);
  await db.kysely.transaction().execute(async (trx) => {
    // The provider took its time: what ended the login meanwhile ends this, too.
    await requireLiving(trx, caller);
    const owner = await findIdentityOwner(trx, signedOn);
    if (owner === userId) return;
    if (owner !== undefined) throw new ParlourError('identity_taken', 'This sign-in belongs to another account here.');
    if (!(await insertIdentity(trx, { provider, subject, userId, email, linkedAt: clock.now() }))) {
      throw new ParlourError('identity_exists', 'Your account is linked with somebody else at this provider.');
    }
    const detail = { provider };
    await writeAudit(trx, clock, { kind: 'identity_linked', actor: userId, subject: userId, from: browser, detail });
  });
}

/** Throws `not_found`, or `last_sign_in_way` where the person could not sign in any more. */
export async function unlinkIdentity(
  { db, clock, providers }: SignOnDeps,
  caller: Caller,
  provider: string,
  browser: Browser,
): Promise<void> {
  const userId = caller.user.id;
  await db.kysely.transaction().execute(async (trx) => {
    if (!(await deleteIdentity(trx, userId, provider))) {
      throw new ParlourError('not_found', 'Your account is not linked with this provider.');
    }
    const { password, passkeys, identities } = await findSignInWays(trx, providers.keys(), userId);
    if (!password && passkeys + identities === 0) throw lastWay();
    const detail = { provider };
    await writeAudit(trx, clock, { kind: 'identity_unlinked', actor: userId, subject: userId, from: browser, detail });
  });
}

function toText(email: Profile['email']): string | null {
  return typeof email === 'string' ? email.slice(0, 254) : null;
}

function lastWay(): ParlourError {
  const sentence = 'This is the only way in which you can sign in. Set a password or add a passkey first.';
  return new ParlourError('last_sign_in_way', sentence);
}
