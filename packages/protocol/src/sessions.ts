import * as v from 'valibot';
import { password, signIn } from './accounts.ts';
import { page } from './paging.ts';

export const sessionMethods = ['sign_up', 'password', 'passkey', 'single_sign_on'] as const;
export type SessionMethod = (typeof sessionMethods)[number];

/** One login of one browser, for its owner only. */
export const session = v.object({
  id: v.string(),
  /** Such as `Firefox` and `Windows`; `Unknown browser` and `unknown system` where the browser does not tell. */
  browser: v.string(),
  system: v.string(),
  /** The network address that it signed in from. */
  address: v.string(),
  createdAt: v.string(),
  /** True to some minutes; a live socket counts as being seen. */
  lastSeenAt: v.string(),
  method: v.picklist(sessionMethods),
  /** Whether it is the one that asks. */
  current: v.boolean(),
});
export type Session = v.InferOutput<typeof session>;
export const sessionList = page(session, v.string());

/** `current` is left out by somebody who has no password yet. */
export const changedPassword = v.object({ current: v.optional(signIn.entries.password), password });
/** Without the password, the session must have shown a short time ago who it is. */
export const closedAccount = v.object({ password: v.optional(signIn.entries.password) });
