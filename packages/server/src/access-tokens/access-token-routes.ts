import { accessTokenList, createdAccessToken, newAccessToken } from '@parlour/protocol/access-tokens';
import type { Hono } from 'hono';
import { browserOf } from '../accounts/browser.ts';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { callerOf } from '../http/require-caller.ts';
import { requireSession } from '../http/require-session.ts';
import { jsonBody } from '../http/validate.ts';
import { describe } from '../route-description.ts';
import { type AccessTokenDeps, createAccessToken } from './create-access-token.ts';
import { listAccessTokens } from './list-access-tokens.ts';
import { type RevokeDeps, revokeAccessToken } from './revoke-access-token.ts';

const tag = 'Access tokens';

export function accessTokenRoutes(deps: AccessTokenDeps & RevokeDeps): Hono<AppEnv> {
  return newRoutes()
    .use('/account/access-tokens/*', requireSession)
    .get('/account/access-tokens', describeList, async (c) => c.json(await listAccessTokens(deps, callerOf(c).user)))
    .post('/account/access-tokens', describeCreation, jsonBody(newAccessToken), async (c) =>
      c.json(await createAccessToken(deps, callerOf(c), c.req.valid('json'), browserOf(c)), 201),
    )
    .delete('/account/access-tokens/:token', describeRevocation, async (c) => {
      await revokeAccessToken(deps, callerOf(c), c.req.param('token'));
      return c.body(null, 204);
    });
}

const describeList = describe({
  tag,
  summary: 'One’s own access tokens',
  answers: {
    200: { description: 'Those that still work, newest first, without the tokens.', schema: accessTokenList },
  },
});
const describeCreation = describe({
  tag,
  summary: 'Make an access token for a script',
  answers: { 201: { description: 'The token, shown this once.', schema: createdAccessToken } },
  refusals: ['malformed', 'confirmation_required', 'invalid_field', 'too_many_access_tokens'],
});
const describeRevocation = describe({
  tag,
  summary: 'Revoke an access token',
  answers: { 204: { description: 'The token does nothing any more, and its sockets are closed.' } },
  refusals: ['not_found'],
});
