import * as v from 'valibot';
import { limits } from './limits.ts';
import { signInProvider } from './single-sign-on.ts';
import { hasAtMost, isPlainText, line } from './text.ts';

export const roles = ['owner', 'admin', 'moderator', 'member'] as const;
/** What somebody is in the whole workspace. */
export type Role = (typeof roles)[number];

export const displayName = line('The name', limits.nameCharacters);
export const email = v.pipe(
  v.string('An address must be text.'),
  v.trim(),
  v.toLowerCase(),
  v.minLength(1, 'The address is missing.'),
  v.maxLength(254, 'The address is too long.'),
  v.email('This is not an email address.'),
);
export const password = v.pipe(
  v.string('A password must be text.'),
  v.check(
    (text) => !hasAtMost(text, limits.passwordMinimum - 1),
    `A password has at least ${limits.passwordMinimum} characters.`,
  ),
  v.check(
    (text) => hasAtMost(text, limits.passwordMaximum),
    `A password has at most ${limits.passwordMaximum} characters.`,
  ),
  v.check(isPlainText, 'The password holds a character that cannot be stored.'),
);

export const signUp = v.object({
  name: displayName,
  email,
  password,
  invite: v.optional(v.pipe(v.string(), v.maxLength(128))),
  claim: v.optional(v.pipe(v.string(), v.maxLength(128))),
});
export const signIn = v.object({
  email,
  password: v.pipe(v.string(), v.minLength(1, 'The password is missing.'), v.maxLength(1024)),
});

/** Shows again who one is, before changing how one signs in. */
export const confirmation = v.object({ password: signIn.entries.password });
/** By what one can sign in oneself. */
export const signInWays = v.object({ password: v.boolean(), passkeys: v.number(), identities: v.number() });
export type SignInWays = v.InferOutput<typeof signInWays>;

/** The signed-in person, for themselves only: the address is never shown to others. */
export const account = v.object({
  id: v.string(),
  name: v.string(),
  email: v.string(),
  role: v.picklist(roles),
  createdAt: v.string(),
});
export type Account = v.InferOutput<typeof account>;
export const changedAccount = v.object({ name: displayName });

/** What anybody may know of the house: for the pages before signing in. */
export const workspace = v.object({
  name: v.string(),
  claimed: v.boolean(),
  signUp: v.picklist(['open', 'invite', 'closed']),
  providers: v.array(signInProvider),
  /** Whether it sends mail: then a forgotten password is mended by oneself. */
  mail: v.boolean(),
});
export type Workspace = v.InferOutput<typeof workspace>;

export const claim = v.object({ code: v.pipe(v.string(), v.minLength(1, 'The code is missing.'), v.maxLength(128)) });

export const ticket = v.object({ ticket: v.string(), expiresAt: v.string() });
export type Ticket = v.InferOutput<typeof ticket>;
export const token = v.object({ token: v.string(), expiresAt: v.string() });
