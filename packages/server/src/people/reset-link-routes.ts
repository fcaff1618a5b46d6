import { resetLink } from '@parlour/protocol/resets';
import type { Hono } from 'hono';
import { browserOf } from '../accounts/browser.ts';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { callerOf } from '../http/require-caller.ts';
import { describe } from '../route-description.ts';
import { type IssueLinkDeps, issueResetLink } from './issue-reset-link.ts';

export function resetLinkRoutes(deps: IssueLinkDeps): Hono<AppEnv> {
  return newRoutes().post('/people/:id/reset-link', describeLink, async (c) => {
    const act = { caller: callerOf(c), browser: browserOf(c) };
    return c.json(await issueResetLink(deps, act, c.req.param('id')), 201);
  });
}

const describeLink = describe({
  tag: 'People',
  summary: 'Make a link by which somebody sets a new password',
  answers: { 201: { description: 'The link, for this one time. It works once, within a day.', schema: resetLink } },
  refusals: ['forbidden', 'person_not_found', 'confirmation_required'],
});
