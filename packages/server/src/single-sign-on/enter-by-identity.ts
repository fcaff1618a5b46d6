import { displayName, email as emailSchema } from '@parlour/protocol/accounts';
import { ParlourError } from '@parlour/protocol/errors';
import { limits } from '@parlour/protocol/limits';
import type { Transaction } from 'kysely';
import * as v from 'valibot';
import { addPerson, welcome } from '../accounts/add-person.ts';
import { type Admission, type Entry, judgeAdmission } from '../accounts/admission.ts';
import type { Browser } from '../accounts/browser.ts';
import { type LoggedIn, type Login, openSessionWith } from '../accounts/open-session.ts';
import { askToVerify } from '../accounts/verify-email.ts';
import { writeAudit } from '../audit/write-audit.ts';
import type { Tables } from '../database/tables.ts';
import { newId } from '../ids.ts';
import { findAccountByEmail, findIdentityOwner, insertIdentity, type LocalAccount } from './identity-store.ts';
import { wasSignedOut } from './logout-store.ts';
import type { Profile, SignedOn } from './redeem-code.ts';
import type { SignOnDeps } from './sign-on-deps.ts';

export type Entered = LoggedIn & { isNew: boolean };

/**
 * Signs in whoever a provider vouches for: the person that this sign-in belongs to; or the one whose address it is, where
 * both ends have proved it; or somebody new, as `PARLOUR_SIGN_UP` allows. Throws `link_required`, `email_missing`,
 * `banned`, `sign_on_expired`, or why nobody new is let in.
 */
export async function enterByIdentity(
  deps: SignOnDeps,
  signedOn: SignedOn,
  entry: Entry,
  browser: Browser,
): Promise<Entered> {
  const newcomer = await meet(deps, signedOn, entry);
  let isNew = false;
  const loggedIn = await openSessionWith(deps, browser, async (trx) => {
    if (await wasSignedOut(trx, signedOn)) throw over();
    // Read again: of two who come back at once, the second finds what the first has made.
    const owner = await findIdentityOwner(trx, signedOn);
    isNew = owner === undefined && (await settle(deps, trx, signedOn, newcomer, browser)) === newcomer?.id;
    const userId = owner ?? (await findIdentityOwner(trx, signedOn));
    if (userId === undefined) throw over();
    return { userId, method: 'single_sign_on', provider: toProviderSession(deps, signedOn) };
  });
  if (isNew) await greet(deps, loggedIn, newcomer?.isVerified ?? false);
  return { ...loggedIn, isNew };
}

async function greet(deps: SignOnDeps, { user }: LoggedIn, isVerified: boolean): Promise<void> {
  await welcome(deps, { id: user.id, name: user.name });
  if (isVerified) return;
  await askToVerify(deps, user.id, user.email).catch((cause: unknown) =>
    deps.log.error('The mail to confirm an address could not be made', { user: user.id, cause }),
  );
}

type Newcomer = { id: string; name: string; email: string; isVerified: boolean; admission: Admission | undefined };

// Everything that takes time happens here, before the transaction: every message in the house waits for that.
async function meet(deps: SignOnDeps, signedOn: SignedOn, entry: Entry): Promise<Newcomer | undefined> {
  if ((await findIdentityOwner(deps.db.kysely, signedOn)) !== undefined) return undefined;
  const profile = await signedOn.readProfile();
  const email = v.safeParse(emailSchema, profile.email);
  if (!email.success) throw new ParlourError('email_missing', 'Your sign-in provider did not tell your email address.');
  const hasAccount = (await findAccountByEmail(deps.db.kysely, email.output)) !== undefined;
  return {
    id: newId(),
    name: findName(profile, email.output),
    email: email.output,
    // Nothing but `true` counts: some providers write "false", which is a text like any other.
    isVerified: profile.email_verified === true,
    admission: hasAccount ? undefined : await judgeAdmission(deps, entry),
  };
}

/** Gives the sign-in to whom it belongs from now on, and answers who that is. */
async function settle(
  { clock }: SignOnDeps,
  trx: Transaction<Tables>,
  signedOn: SignedOn,
  newcomer: Newcomer | undefined,
  browser: Browser,
): Promise<string> {
  if (newcomer === undefined) throw over();
  const { id, name, email, isVerified, admission } = newcomer;
  const account = await findAccountByEmail(trx, email);
  if (account !== undefined && !mayLink(account, isVerified)) throw linkRequired();
  if (account === undefined) {
    const person = { id, name, email, emailVerified: isVerified };
    const isAdded = admission !== undefined && (await addPerson(trx, clock, person, admission, browser));
    if (!isAdded) throw over();
  }
  const { provider, subject } = signedOn;
  const userId = account?.id ?? id;
  const row = { provider, subject, userId, email, linkedAt: clock.now() };
  // An account that is linked with somebody else at this provider: the address went from one person to another there.
  if (!(await insertIdentity(trx, row))) throw linkRequired();
  const detail = { provider };
  await writeAudit(trx, clock, { kind: 'identity_linked', actor: userId, subject: userId, from: browser, detail });
  return userId;
}

// An address that nobody has proved could be anybody's: the account may have been made by somebody who lies in wait for its
// true owner. And a second factor, once set up, must not be got round by whoever holds the address at a provider.
function mayLink(account: LocalAccount, isVerified: boolean): boolean {
  return isVerified && account.emailVerified === 1 && account.hasSecondFactor === 0;
}

function toProviderSession({ sealer }: SignOnDeps, signedOn: SignedOn): NonNullable<Login['provider']> {
  const { provider, subject, session, idToken } = signedOn;
  return { provider, subject, session, idToken: sealer.seal('id token', idToken) };
}

function findName({ name, preferred_username }: Profile, email: string): string {
  for (const candidate of [name, preferred_username, email.split('@')[0]]) {
    if (typeof candidate !== 'string') continue;
    const short = Array.from(candidate.trim()).slice(0, limits.nameCharacters).join('').trim();
    const result = v.safeParse(displayName, short);
    if (result.success) return result.output;
  }
  return 'Somebody new';
}

function linkRequired(): ParlourError {
  return new ParlourError('link_required', 'There is an account with this address already.');
}

function over(): ParlourError {
  return new ParlourError('sign_on_expired', 'This sign-in is over. Try again.');
}
