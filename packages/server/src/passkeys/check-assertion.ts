import type { PasskeyAssertion } from '@parlour/protocol/passkeys';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { challengeSeconds, issueChallenge, useChallenge } from './challenges.ts';
import { type PasskeyDeps, relyingPartyId } from './passkey.ts';
import { findPasskey, noteUse, type PasskeyRow } from './passkey-store.ts';
import { PasskeyFault } from './refuse-passkey.ts';
import { loadWebAuthn } from './web-authn.ts';

/** An authenticator's signature that was found right; it counts when it is noted. */
export type Proof = { userId: string; id: string; counter: number; backedUp: boolean };

/** For whoever has a passkey of this house: the authenticator knows whose it is, so nobody is named. */
export async function offerSignIn(deps: PasskeyDeps) {
  const { challenge, handle } = await issueChallenge(deps.secrets, { use: 'sign_in' });
  const { generateAuthenticationOptions } = await loadWebAuthn();
  const options = await generateAuthenticationOptions({
    rpID: relyingPartyId(deps),
    challenge,
    userVerification: 'required',
    timeout: challengeSeconds * 1_000,
  });
  return { handle, options };
}

/** Throws PasskeyFault. */
export async function checkAssertion(deps: PasskeyDeps, { handle, response }: PasskeyAssertion): Promise<Proof> {
  const expectedChallenge = await useChallenge(deps.secrets, handle, { use: 'sign_in' });
  if (expectedChallenge === undefined) throw new PasskeyFault('challenge');
  const passkey = await findPasskey(deps.db.kysely, response.id);
  if (passkey === undefined) throw new PasskeyFault('unknown');
  const { userId, id } = passkey;
  // An authenticator that finds the passkey by itself always tells whose it is (WebAuthn level 3, section 7.2, step 6).
  if (Buffer.from(response.response.userHandle ?? '', 'base64url').toString() !== userId) {
    throw new PasskeyFault('person', { subject: userId });
  }
  const { newCounter, credentialBackedUp } = await verify(deps, response, expectedChallenge, passkey);
  return { userId, id, counter: newCounter, backedUp: credentialBackedUp };
}

/** Throws PasskeyFault where the counter went back, or another use came first. */
export async function keepProof(db: Kysely<Tables>, { userId, ...use }: Proof, at: number): Promise<void> {
  if (!(await noteUse(db, { ...use, at }))) throw new PasskeyFault('counter', { subject: userId });
}

async function verify(
  deps: PasskeyDeps,
  response: PasskeyAssertion['response'],
  expectedChallenge: string,
  { userId, id, publicKey }: PasskeyRow,
) {
  const { verifyAuthenticationResponse } = await loadWebAuthn();
  try {
    const { userHandle = '', ...signed } = response.response;
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...response, response: { ...signed, userHandle }, clientExtensionResults: {} },
      expectedChallenge,
      expectedOrigin: deps.origin(),
      expectedRPID: relyingPartyId(deps),
      // The counter is compared where it is written (keepProof), so that of two uses at once only one is right.
      credential: { id, publicKey: new Uint8Array(publicKey), counter: 0 },
    });
    if (verified) return authenticationInfo;
  } catch (cause) {
    throw new PasskeyFault('signature', { subject: userId, cause });
  }
  throw new PasskeyFault('signature', { subject: userId });
}
