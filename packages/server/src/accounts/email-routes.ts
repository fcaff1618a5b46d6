import { changedEmail, emailState, linkSecret, resetPreview } from '@parlour/protocol/resets';
import type { Hono } from 'hono';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { limitByNetwork, type RateLimits } from '../http/rate-limit.ts';
import { callerOf } from '../http/require-caller.ts';
import { requireSession } from '../http/require-session.ts';
import { jsonBody } from '../http/validate.ts';
import { describe } from '../route-description.ts';
import { browserOf } from './browser.ts';
import { type ChangeEmailDeps, changeEmail, resendVerification } from './change-email.ts';
import { readEmailState, verifyEmail } from './verify-email.ts';

export type EmailRouteDeps = Omit<ChangeEmailDeps, 'mailLimit'> & { limits: RateLimits };

const tag = 'Account';

/** One's own address: whether it is proved, and another one. */
export function emailRoutes({ limits, ...rest }: EmailRouteDeps): Hono<AppEnv> {
  const deps = { ...rest, mailLimit: limits.mail };
  return newRoutes()
    .post(
      '/auth/verify-email',
      describeVerify,
      limitByNetwork(limits.verify),
      requireSession,
      jsonBody(linkSecret),
      async (c) => c.json(await verifyEmail(deps, callerOf(c), c.req.valid('json').secret, browserOf(c))),
    )
    .get('/account/email', describeState, async (c) => {
      const { user, email } = callerOf(c);
      return c.json(await readEmailState(deps, user.id, email));
    })
    .post('/account/email', describeChange, requireSession, jsonBody(changedEmail), async (c) =>
      c.json(await changeEmail(deps, callerOf(c), c.req.valid('json'), browserOf(c))),
    )
    .post('/account/email/confirmation', describeResend, async (c) => {
      await resendVerification(deps, callerOf(c));
      return c.body(null, 202);
    });
}

const describeVerify = describe({
  tag,
  summary: 'Prove one’s address by the link that was mailed to it',
  answers: { 200: { description: 'The address, which counts from now on.', schema: resetPreview } },
  refusals: ['link_invalid', 'forbidden', 'invalid_field', 'rate_limited'],
});
const describeState = describe({
  tag,
  summary: 'One’s own address',
  answers: { 200: { description: 'Whether it is proved, and which one waits to be.', schema: emailState } },
});
const describeChange = describe({
  tag,
  summary: 'Change one’s address',
  answers: { 200: { description: 'It counts once it is proved; without mail, at once.', schema: emailState } },
  refusals: ['wrong_credentials', 'confirmation_required', 'email_taken', 'invalid_field', 'rate_limited', 'busy'],
});
const describeResend = describe({
  tag,
  summary: 'Have the link mailed again that proves one’s address',
  answers: { 202: { description: 'It is on its way, if anything is left to prove.' } },
  refusals: ['mail_off', 'rate_limited'],
});
