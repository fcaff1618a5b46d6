import { account } from '@parlour/protocol/accounts';
import type { Context } from 'hono';
import * as v from 'valibot';
import type { AppEnv } from '../http/http-app.ts';
import type { LoggedIn } from './open-session.ts';

export const loggedIn = v.object({ user: v.omit(account, ['createdAt']) });

/** The account in the answer, the session in the cookie and nowhere else. */
export function answerLogin(c: Context<AppEnv>, { user, cookie, browserCookie }: LoggedIn): Response {
  for (const one of [cookie, browserCookie]) c.header('set-cookie', one, { append: true });
  return c.json({ user });
}
