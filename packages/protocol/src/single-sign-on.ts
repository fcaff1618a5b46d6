import * as v from 'valibot';
import type { ErrorCode } from './errors.ts';

/** An OpenID provider of this house, as anybody may know it: `id` stands in addresses, `name` on the button. */
export const signInProvider = v.object({ id: v.string(), name: v.string() });
export type SignInProvider = v.InferOutput<typeof signInProvider>;

const code = v.optional(v.pipe(v.string(), v.maxLength(128)));
/** What goes along to the provider and back. `to` is where to land: a path of this house. */
export const signOnStart = v.object({
  to: v.optional(v.pipe(v.string(), v.maxLength(2_000))),
  invite: code,
  claim: code,
});

/** A sign-in at a provider that belongs to one's account. `provider` is its id. */
export const identity = v.object({
  provider: v.string(),
  name: v.string(),
  email: v.nullable(v.string()),
  linkedAt: v.string(),
});
export type Identity = v.InferOutput<typeof identity>;
export const identities = v.object({ items: v.array(identity), next: v.null() });

/**
 * What the sign-in page says when single sign-on leads back to it with a code in its address: words of this table, never
 * of the address.
 */
export const signOnRefusals = {
  provider_unavailable: 'Your sign-in provider cannot be reached just now. Try again in a moment.',
  provider_refused: 'Your sign-in provider did not confirm who you are. Try again.',
  sign_on_cancelled: 'You did not finish signing in at your provider.',
  sign_on_expired: 'This sign-in took too long, was used before, or began in another browser. Try again.',
  link_required:
    'There is an account with your address already. Sign in as you did before, then link your provider in the settings under “Signing in”.',
  email_missing: 'Your sign-in provider did not tell your email address, and an account needs one.',
  identity_taken: 'This sign-in belongs to another account here.',
  identity_exists: 'Your account is linked with somebody else at this provider. Remove that link first.',
  confirmation_required: 'Confirm that it is you, and try again.',
  sign_up_closed: 'You have no account here, and this house takes no new people at the moment.',
  invite_required: 'You have no account here yet. Ask somebody who is in for an invite link, and open it first.',
  invite_not_found: 'This invite does not work. Ask for a new one.',
  invite_expired: 'This invite has expired. Ask for a new one.',
  invite_used_up: 'This invite is used up. Ask for a new one.',
  invite_revoked: 'This invite was taken back. Ask for a new one.',
  claim_invalid: 'This is not the code that the start of this house printed.',
  already_claimed: 'This house has an owner already.',
  banned: 'You were banned from this house.',
  rate_limited: 'Too many attempts. Wait a minute and try again.',
  storage_unavailable: 'Signing in is not possible just now. Try again in a moment.',
  internal: 'Something went wrong. Try again in a moment.',
} as const satisfies Partial<Record<ErrorCode, string>>;

export type SignOnRefusal = keyof typeof signOnRefusals;

export function isSignOnRefusal(code: unknown): code is SignOnRefusal {
  return typeof code === 'string' && Object.hasOwn(signOnRefusals, code);
}
