import { listQuery } from '@parlour/protocol/paging';
import { changedPassword, closedAccount, sessionList } from '@parlour/protocol/sessions';
import type { Hono } from 'hono';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { callerOf, requireCaller } from '../http/require-caller.ts';
import { requireSession } from '../http/require-session.ts';
import { jsonBody, query } from '../http/validate.ts';
import { describe } from '../route-description.ts';
import { browserOf } from './browser.ts';
import { type ChangePasswordDeps, changePassword } from './change-password.ts';
import { type CloseAccountDeps, closeAccount } from './close-account.ts';
import { endOtherSessions, endSession } from './end-sessions.ts';
import { leaveBrowser } from './leave-browser.ts';
import { listSessions } from './list-sessions.ts';
import type { SessionCookie } from './session-cookie.ts';
import type { SessionStore } from './session-store.ts';

export type SessionRouteDeps = ChangePasswordDeps &
  CloseAccountDeps & { cookie: SessionCookie; sessions: SessionStore };

const tag = 'Account';

/** A person's logins: to look at, to end, and what ends many of them at once. */
export function sessionRoutes(deps: SessionRouteDeps): Hono<AppEnv> {
  return newRoutes()
    .get('/account/sessions', describeList, requireCaller, query(listQuery), async (c) =>
      c.json(await listSessions(deps, callerOf(c), c.req.valid('query'))),
    )
    .delete('/account/sessions', describeEndOthers, async (c) => {
      await endOtherSessions(deps, callerOf(c));
      return c.body(null, 204);
    })
    .delete('/account/sessions/:id', describeEnd, async (c) => {
      const caller = callerOf(c);
      const id = c.req.param('id');
      await endSession(deps, caller, id);
      if (id === caller.grantId) leaveBrowser(c, deps.cookie);
      return c.body(null, 204);
    })
    .post('/account/password', describePassword, requireSession, jsonBody(changedPassword), async (c) => {
      await changePassword(deps, callerOf(c), c.req.valid('json'), browserOf(c));
      return c.body(null, 204);
    })
    .delete('/account', describeClose, requireSession, jsonBody(closedAccount), async (c) => {
      await closeAccount(deps, callerOf(c), c.req.valid('json').password, browserOf(c));
      leaveBrowser(c, deps.cookie);
      return c.body(null, 204);
    });
}

const describeList = describe({
  tag,
  summary: 'List one’s own logins',
  answers: { 200: { description: 'A page of them, newest first.', schema: sessionList } },
  refusals: ['invalid_field'],
});
const describeEndOthers = describe({
  tag,
  summary: 'Sign out everywhere else',
  answers: { 204: { description: 'Only this login is left.' } },
});
const describeEnd = describe({
  tag,
  summary: 'Sign out one device',
  answers: { 204: { description: 'The login has ended, and its sockets close.' } },
  refusals: ['session_not_found'],
});
const describePassword = describe({
  tag,
  summary: 'Change one’s password',
  answers: { 204: { description: 'It is changed, and every other login of the person has ended.' } },
  refusals: ['wrong_credentials', 'confirmation_required', 'invalid_field', 'rate_limited', 'busy'],
});
const describeClose = describe({
  tag,
  summary: 'Close one’s account for good',
  answers: { 204: { description: 'The account is gone; what it said stays, without its name.' } },
  refusals: ['wrong_credentials', 'confirmation_required', 'owner_cannot_leave', 'rate_limited', 'busy'],
});
