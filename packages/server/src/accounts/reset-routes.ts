import { linkSecret, reset, resetPreview, resetRequest } from '@parlour/protocol/resets';
import type { Hono } from 'hono';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { limitByNetwork, type RateLimits } from '../http/rate-limit.ts';
import { jsonBody } from '../http/validate.ts';
import { describe } from '../route-description.ts';
import { browserOf } from './browser.ts';
import { type RequestResetDeps, requestReset } from './request-reset.ts';
import { previewReset, type ResetDeps, resetPassword } from './reset-password.ts';

export type ResetRouteDeps = Omit<RequestResetDeps, 'addressLimit'> & ResetDeps & { limits: RateLimits };

const tag = 'Signing in';

/** A forgotten password. */
export function resetRoutes(deps: ResetRouteDeps): Hono<AppEnv> {
  const { limits } = deps;
  const asking = { ...deps, addressLimit: limits.resetAddress };
  return newRoutes()
    .post('/reset/request', describeRequest, limitByNetwork(limits.reset), jsonBody(resetRequest), async (c) => {
      await requestReset(asking, c.req.valid('json').email, browserOf(c));
      return c.body(null, 202);
    })
    .post('/reset/preview', describePreview, limitByNetwork(limits.verify), jsonBody(linkSecret), async (c) =>
      c.json(await previewReset(deps, c.req.valid('json').secret)),
    )
    .post('/reset', describeReset, limitByNetwork(limits.verify), jsonBody(reset), async (c) => {
      await resetPassword(deps, c.req.valid('json'), browserOf(c));
      return c.body(null, 204);
    });
}

const describeRequest = describe({
  tag,
  summary: 'Ask for a mail with a link that sets a new password',
  answers: { 202: { description: 'A mail is on its way, if the address has an account. Nobody is told whether.' } },
  refusals: ['mail_off', 'invalid_field', 'rate_limited'],
  anonymous: true,
});
const describePreview = describe({
  tag,
  summary: 'Whose password a link sets',
  answers: { 200: { description: 'Looking does not use the link up.', schema: resetPreview } },
  refusals: ['link_invalid', 'invalid_field', 'rate_limited'],
  anonymous: true,
});
const describeReset = describe({
  tag,
  summary: 'Set a new password by a link',
  answers: { 204: { description: 'It is set, and every login of the person has ended. Nobody is signed in by it.' } },
  refusals: ['link_invalid', 'invalid_field', 'rate_limited', 'busy'],
  anonymous: true,
});
