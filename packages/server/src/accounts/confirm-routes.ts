import { confirmation, signInWays } from '@parlour/protocol/accounts';
import type { Hono } from 'hono';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { limitByNetwork, type RateLimits } from '../http/rate-limit.ts';
import { callerOf } from '../http/require-caller.ts';
import { requireSession } from '../http/require-session.ts';
import { jsonBody } from '../http/validate.ts';
import { describe } from '../route-description.ts';
import { browserOf } from './browser.ts';
import { confirmByPassword, type PasswordConfirmDeps } from './confirm.ts';
import { findSignInWays } from './sign-in-ways.ts';

export type ConfirmRouteDeps = PasswordConfirmDeps & { limits: RateLimits; providers: readonly { id: string }[] };

const tag = 'Signing in';

export function confirmRoutes(deps: ConfirmRouteDeps): Hono<AppEnv> {
  const { limits } = deps;
  return newRoutes()
    .get('/ways', describeWays, async (c) => {
      const known = deps.providers.map(({ id }) => id);
      return c.json(await findSignInWays(deps.db.kysely, known, callerOf(c).user.id));
    })
    .post(
      '/confirm',
      describeConfirm,
      requireSession,
      limitByNetwork(limits.signIn),
      jsonBody(confirmation),
      async (c) => {
        await confirmByPassword(deps, callerOf(c), c.req.valid('json').password, browserOf(c));
        return c.body(null, 204);
      },
    );
}

const describeWays = describe({
  tag,
  summary: 'By what one can sign in oneself',
  answers: { 200: { description: 'What there is of each.', schema: signInWays } },
});
const describeConfirm = describe({
  tag,
  summary: 'Show again who one is, before changing how one signs in',
  answers: { 204: { description: 'For ten minutes, this session may do what asks for it.' } },
  refusals: ['wrong_credentials', 'invalid_field', 'rate_limited', 'busy'],
});
