import { ParlourError } from '@parlour/protocol/errors';
import { limits } from '@parlour/protocol/limits';
import type { Passkey, PasskeyRegistration } from '@parlour/protocol/passkeys';
import type { Browser } from '../accounts/browser.ts';
import type { Caller } from '../accounts/caller.ts';
import { nameDevice } from '../accounts/name-device.ts';
import { requireLiving } from '../accounts/require-living.ts';
import { requireRecent } from '../accounts/require-recent.ts';
import { writeAudit } from '../audit/write-audit.ts';
import { challengeSeconds, issueChallenge, useChallenge } from './challenges.ts';
import { type PasskeyDeps, relyingPartyId, toPasskey } from './passkey.ts';
import { countPasskeys, insertPasskey, listPasskeyRows, type PasskeyRow } from './passkey-store.ts';
import { PasskeyFault, refuseFaults } from './refuse-passkey.ts';
import { loadWebAuthn, type WebAuthn } from './web-authn.ts';

/** EdDSA, ES256 and RS256, as the IANA registry of COSE algorithms numbers them. */
const supportedAlgorithmIDs = [-8, -7, -257];

/** Throws `confirmation_required`, `too_many_passkeys`, `not_authenticated`. */
export async function offerRegistration(deps: PasskeyDeps, caller: Caller) {
  requireRecent(deps, caller);
  const { user, grantId: session } = caller;
  const known = await listPasskeyRows(deps.db.kysely, user.id);
  if (known.length >= limits.passkeys) throw tooMany();
  const { challenge, handle } = await deps.db.kysely.transaction().execute(async (trx) => {
    await requireLiving(trx, caller);
    return await issueChallenge(deps.secrets, { use: 'register', session, userId: user.id }, trx);
  });
  const { generateRegistrationOptions } = await loadWebAuthn();
  const options = await generateRegistrationOptions({
    rpName: deps.houseName,
    rpID: relyingPartyId(deps),
    userID: new TextEncoder().encode(user.id),
    userName: caller.email,
    userDisplayName: user.name,
    challenge,
    timeout: challengeSeconds * 1_000,
    attestationType: 'none',
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports: JSON.parse(transports) })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs,
  });
  return { handle, options };
}

/** Keeps a new passkey. That the session is recent was shown when it got the challenge. Throws `passkey_refused`, `too_many_passkeys`. */
export async function registerPasskey(
  deps: PasskeyDeps,
  caller: Caller,
  { handle, response }: PasskeyRegistration,
  browser: Browser,
): Promise<Passkey> {
  const { id: userId } = caller.user;
  return await refuseFaults(deps, browser, async () => {
    const purpose = { use: 'register', session: caller.grantId, userId } as const;
    const challenge = await useChallenge(deps.secrets, handle, purpose);
    if (challenge === undefined) throw new PasskeyFault('challenge', { subject: userId });
    const { credential, credentialBackedUp } = await verify(deps, response, challenge, userId);
    const row: PasskeyRow = {
      id: credential.id,
      userId,
      name: nameFor(response.response.transports, browser),
      publicKey: credential.publicKey,
      counter: credential.counter,
      transports: JSON.stringify(response.response.transports ?? []),
      backedUp: credentialBackedUp ? 1 : 0,
      createdAt: deps.clock.now(),
      lastUsedAt: null,
    };
    await keep(deps, caller, row, browser);
    return toPasskey(row);
  });
}

async function keep({ db, clock }: PasskeyDeps, caller: Caller, row: PasskeyRow, browser: Browser): Promise<void> {
  const { userId, name } = row;
  await db.kysely.transaction().execute(async (trx) => {
    await requireLiving(trx, caller);
    if ((await countPasskeys(trx, userId)) >= limits.passkeys) throw tooMany();
    if (!(await insertPasskey(trx, row))) throw new PasskeyFault('known', { subject: userId });
    const detail = { name };
    await writeAudit(trx, clock, { kind: 'passkey_added', actor: userId, subject: userId, from: browser, detail });
  });
}

async function verify(
  deps: PasskeyDeps,
  response: PasskeyRegistration['response'],
  expectedChallenge: string,
  subject: string,
) {
  const webAuthn = await loadWebAuthn();
  try {
    refuseCertificates(webAuthn, response.response.attestationObject);
    const { clientDataJSON, attestationObject } = response.response;
    const { verified, registrationInfo } = await webAuthn.verifyRegistrationResponse({
      response: { ...response, response: { clientDataJSON, attestationObject }, clientExtensionResults: {} },
      expectedChallenge,
      expectedOrigin: deps.origin(),
      expectedRPID: relyingPartyId(deps),
      supportedAlgorithmIDs,
    });
    if (verified && registrationInfo.credential.id === response.id) return registrationInfo;
  } catch (cause) {
    throw new PasskeyFault('registration', { subject, cause });
  }
  throw new PasskeyFault('registration', { subject });
}

// None is asked for. A certificate names addresses that whoever checks it would fetch, so it is not even looked at.
function refuseCertificates({ decodeAttestationObject, isoBase64URL }: WebAuthn, attestationObject: string): void {
  const decoded = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
  const isSelfMade = decoded.get('fmt') === 'packed' && decoded.get('attStmt').get('x5c') === undefined;
  if (decoded.get('fmt') !== 'none' && !isSelfMade) throw new Error('There is an attestation.');
}

function nameFor(transports: readonly string[] = [], { headers }: Browser): string {
  const isKey = transports.length > 0 && transports.every((transport) => ['usb', 'nfc', 'ble'].includes(transport));
  if (isKey) return 'Security key';
  const { browser, system } = nameDevice(headers.get('user-agent')?.slice(0, 400) ?? '');
  return Array.from(`${browser} on ${system}`).slice(0, limits.passkeyNameCharacters).join('');
}

function tooMany(): ParlourError {
  return new ParlourError('too_many_passkeys', `You have ${limits.passkeys} passkeys. Remove one first.`);
}
