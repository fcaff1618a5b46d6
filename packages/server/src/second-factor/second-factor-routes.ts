import { code, recoveryCodes, secondFactor, secondFactorSetUp } from '@parlour/protocol/second-factor';
import type { Hono } from 'hono';
import { answerLogin, loggedIn } from '../accounts/answer-login.ts';
import { browserOf } from '../accounts/browser.ts';
import type { LogInDeps } from '../accounts/open-session.ts';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { limitByNetwork, type RateLimits } from '../http/rate-limit.ts';
import { callerOf } from '../http/require-caller.ts';
import { requireSession } from '../http/require-session.ts';
import { jsonBody } from '../http/validate.ts';
import { describe } from '../route-description.ts';
import { renewRecoveryCodes, turnOffSecondFactor } from './change-second-factor.ts';
import { readSecondFactor } from './second-factor.ts';
import { finishSecondStep, type SecondStepDeps } from './second-step.ts';
import { confirmSecondFactor, setUpSecondFactor } from './set-up-second-factor.ts';

export type SecondFactorRouteDeps = SecondStepDeps & LogInDeps & { limits: RateLimits };

const path = '/account/second-factor';

/** The second step of signing in, and one's own second factor. */
export function secondFactorRoutes(deps: SecondFactorRouteDeps): Hono<AppEnv> {
  return newRoutes()
    .post(
      '/auth/sign-in/second-factor',
      describeStep,
      limitByNetwork(deps.limits.signIn),
      jsonBody(code),
      async (c) => {
        const login = await finishSecondStep(deps, c.req.valid('json').code, browserOf(c));
        c.header('set-cookie', deps.stepCookie.clear(), { append: true });
        return answerLogin(c, login);
      },
    )
    .use(path, requireSession)
    .use(`${path}/*`, requireSession)
    .get(path, describeState, async (c) => c.json(await readSecondFactor(deps, callerOf(c).user.id)))
    .post(path, describeSetUp, async (c) => c.json(await setUpSecondFactor(deps, callerOf(c)), 201))
    .post(`${path}/confirm`, describeConfirm, jsonBody(code), async (c) =>
      c.json(await confirmSecondFactor(deps, callerOf(c), c.req.valid('json').code, browserOf(c))),
    )
    .post(`${path}/recovery-codes`, describeRenewal, jsonBody(code), async (c) =>
      c.json(await renewRecoveryCodes(deps, callerOf(c), c.req.valid('json').code, browserOf(c))),
    )
    .delete(path, describeEnd, jsonBody(code), async (c) => {
      await turnOffSecondFactor(deps, callerOf(c), c.req.valid('json').code, browserOf(c));
      return c.body(null, 204);
    });
}

const describeStep = describe({
  tag: 'Signing in',
  summary: 'Sign in with a code, after the password',
  answers: { 200: { description: 'The account. The session is a cookie that scripts cannot read.', schema: loggedIn } },
  refusals: ['code_refused', 'second_factor_expired', 'banned', 'invalid_field', 'rate_limited'],
  anonymous: true,
});

const tag = 'Two-step sign-in';
const describeState = describe({
  tag,
  summary: 'Whether one signs in by two steps',
  answers: { 200: { description: 'Whether it is on, and how many recovery codes are left.', schema: secondFactor } },
});
const describeSetUp = describe({
  tag,
  summary: 'Begin with two-step sign-in',
  answers: {
    201: { description: 'What an authenticator app needs. It counts once confirmed.', schema: secondFactorSetUp },
  },
  refusals: ['confirmation_required', 'second_factor_exists'],
});
const describeConfirm = describe({
  tag,
  summary: 'Turn two-step sign-in on by a first code',
  answers: { 200: { description: 'The recovery codes, shown this once.', schema: recoveryCodes } },
  refusals: ['code_refused', 'confirmation_required', 'second_factor_exists', 'invalid_field', 'rate_limited'],
});
const describeRenewal = describe({
  tag,
  summary: 'Make new recovery codes',
  answers: {
    200: { description: 'The new ones, shown this once. The old ones are worth nothing.', schema: recoveryCodes },
  },
  refusals: ['code_refused', 'confirmation_required', 'invalid_field', 'rate_limited'],
});
const describeEnd = describe({
  tag,
  summary: 'Turn two-step sign-in off',
  answers: { 204: { description: 'The password is enough again.' } },
  refusals: ['code_refused', 'confirmation_required', 'invalid_field', 'rate_limited'],
});
