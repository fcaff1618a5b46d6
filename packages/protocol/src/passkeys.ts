import * as v from 'valibot';
import { limits } from './limits.ts';
import { page } from './paging.ts';
import { line } from './text.ts';

const base64url = (maximum: number) => v.pipe(v.string(), v.regex(/^[\w-]+$/), v.maxLength(maximum));
/** A credential's id has at most 1023 bytes (WebAuthn level 3, section 5.8.3). */
const credentialId = base64url(1_364);
const answered = { id: credentialId, rawId: credentialId, type: v.literal('public-key') };

/** What the browser's `navigator.credentials.create` answered, as JSON (WebAuthn level 3, section 5.1). */
export const registrationResponse = v.object({
  ...answered,
  response: v.object({
    clientDataJSON: base64url(2_048),
    attestationObject: base64url(8_192),
    transports: v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(/^[a-z-]{1,32}$/))), v.maxLength(8))),
  }),
});
/** What `navigator.credentials.get` answered. */
export const authenticationResponse = v.object({
  ...answered,
  response: v.object({
    clientDataJSON: base64url(2_048),
    authenticatorData: base64url(2_048),
    signature: base64url(2_048),
    userHandle: v.optional(base64url(128)),
  }),
});

const handle = v.pipe(v.string(), v.maxLength(64));
/** A challenge for an authenticator: `options` go to the browser's own functions, `handle` comes back with the answer. */
export const passkeyChallenge = v.object({ handle: v.string(), options: v.record(v.string(), v.unknown()) });
export const passkeyRegistration = v.object({ handle, response: registrationResponse });
export const passkeyAssertion = v.object({ handle, response: authenticationResponse });
export type PasskeyRegistration = v.InferOutput<typeof passkeyRegistration>;
export type PasskeyAssertion = v.InferOutput<typeof passkeyAssertion>;

/** One way of signing in without a password, for its owner only. */
export const passkey = v.object({
  id: v.string(),
  name: v.string(),
  createdAt: v.string(),
  lastUsedAt: v.nullable(v.string()),
  /** Whether it is kept by a password manager that has it on several devices. */
  synced: v.boolean(),
});
export type Passkey = v.InferOutput<typeof passkey>;
export const passkeyList = page(passkey, v.null());
export const changedPasskey = v.object({ name: line('The name', limits.passkeyNameCharacters) });
