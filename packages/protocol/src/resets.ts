import * as v from 'valibot';
import { email, password, signIn } from './accounts.ts';

/** What stands behind the `#` of a link that was mailed or handed over: it works once. */
const secret = v.pipe(v.string(), v.minLength(1, 'The link is not complete.'), v.maxLength(128));

/** Asks for a mail with a link to set a new password. */
export const resetRequest = v.object({ email });
export const linkSecret = v.object({ secret });
/** Sets a new password by such a link. */
export const reset = v.object({ secret, password });
/** Whose password a link sets: for whoever holds it. */
export const resetPreview = v.object({ email: v.string() });
/** A link to set a new password, shown this once. */
export const resetLink = v.object({ url: v.string(), expiresAt: v.string() });
export type ResetLink = v.InferOutput<typeof resetLink>;

/** One's own address; `pending` is one that counts once the link that was mailed to it is opened. */
export const emailState = v.object({ email: v.string(), verified: v.boolean(), pending: v.nullable(v.string()) });
export type EmailState = v.InferOutput<typeof emailState>;
/** Without the password, the session must have shown a short time ago who it is. */
export const changedEmail = v.object({ email, password: v.optional(signIn.entries.password) });
