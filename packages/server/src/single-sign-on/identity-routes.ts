import { identities } from '@parlour/protocol/single-sign-on';
import type { Hono } from 'hono';
import { browserOf } from '../accounts/browser.ts';
import { requireRecent } from '../accounts/require-recent.ts';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { callerOf } from '../http/require-caller.ts';
import { requireSession } from '../http/require-session.ts';
import { describe } from '../route-description.ts';
import { listIdentities, unlinkIdentity } from './link-identity.ts';
import type { SignOnDeps } from './sign-on-deps.ts';

const tag = 'Single sign-on';

export function identityRoutes(deps: SignOnDeps): Hono<AppEnv> {
  return newRoutes()
    .get('/account/identities', describeList, requireSession, async (c) =>
      c.json({ items: await listIdentities(deps, callerOf(c)), next: null }),
    )
    .delete('/account/identities/:provider', describeUnlink, requireSession, async (c) => {
      requireRecent(deps, callerOf(c));
      await unlinkIdentity(deps, callerOf(c), c.req.param('provider'), browserOf(c));
      return c.body(null, 204);
    });
}

const describeList = describe({
  tag,
  summary: 'The sign-ins that are linked with one’s account',
  answers: { 200: { description: 'One a provider.', schema: identities } },
});
const describeUnlink = describe({
  tag,
  summary: 'Unlink a provider from one’s account',
  answers: { 204: { description: 'Nobody signs in to this account from there any more.' } },
  refusals: ['not_found', 'last_sign_in_way', 'confirmation_required'],
});
