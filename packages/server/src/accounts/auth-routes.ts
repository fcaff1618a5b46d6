import { signIn as signInSchema, signUp as signUpSchema, token } from '@parlour/protocol/accounts';
import { ParlourError } from '@parlour/protocol/errors';
import { secondStep } from '@parlour/protocol/second-factor';
import type { Context, Hono } from 'hono';
import * as v from 'valibot';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { limitByNetwork, type RateLimits } from '../http/rate-limit.ts';
import { callerOf } from '../http/require-caller.ts';
import { jsonBody } from '../http/validate.ts';
import { describe } from '../route-description.ts';
import { answerLogin, loggedIn } from './answer-login.ts';
import { browserOf } from './browser.ts';
import type { OtherGrants } from './caller.ts';
import { leaveBrowser } from './leave-browser.ts';
import type { LoggedIn } from './open-session.ts';
import { type SecondStep, type SignInDeps, signIn } from './sign-in.ts';
import { type SignOutDeps, signOut } from './sign-out.ts';
import { type SignUpDeps, signUp } from './sign-up.ts';
import { type TokenKeys, toPublicJwk } from './token-keys.ts';
import type { Tokens } from './tokens.ts';

export type AuthRouteDeps = SignInDeps &
  SignUpDeps &
  Pick<SignOutDeps, 'findSignOutUrl'> & {
    keys: TokenKeys;
    tokens: Tokens;
    accessTokens: Pick<OtherGrants, 'isBearer'>;
    limits: RateLimits;
  };

const tag = 'Signing in';
const signedOut = v.object({ success: v.literal(true), next: v.optional(v.string()) });
const jwk = v.object({
  kty: v.literal('OKP'),
  crv: v.literal('Ed25519'),
  x: v.string(),
  kid: v.string(),
  alg: v.literal('EdDSA'),
  use: v.literal('sig'),
});

export function authRoutes(deps: AuthRouteDeps): Hono<AppEnv> {
  return newRoutes()
    .post('/sign-up/email', describeSignUp, limitByNetwork(deps.limits.signUp), jsonBody(signUpSchema), async (c) =>
      answerLogin(c, await signUp(deps, c.req.valid('json'), browserOf(c))),
    )
    .post('/sign-in/email', describeSignIn, limitByNetwork(deps.limits.signIn), jsonBody(signInSchema), async (c) =>
      answerSignIn(c, await signIn(deps, c.req.valid('json'), browserOf(c))),
    )
    .post('/sign-out', describeSignOut, async (c) => {
      const next = c.var.caller === undefined ? undefined : await signOut(deps, c.var.caller);
      leaveBrowser(c, deps.cookie);
      return c.json(next === undefined ? { success: true } : { success: true, next });
    })
    .get('/token', describeToken, async (c) => {
      const caller = callerOf(c);
      refuseToken(c, deps.accessTokens);
      return c.json(await deps.tokens.mint(caller));
    })
    .get('/jwks', describeKeys, (c) => {
      c.header('cache-control', 'public, max-age=3600');
      return c.json({ keys: deps.keys.published(deps.clock.now()).map(toPublicJwk) });
    });
}

// Or a token of minutes, once stolen, would renew itself for as long as the login lasts.
function refuseToken(c: Context<AppEnv>, accessTokens: AuthRouteDeps['accessTokens']): void {
  const bearer = c.req
    .header('authorization')
    ?.replace(/^Bearer +/i, '')
    .trimEnd();
  if (bearer === undefined || accessTokens.isBearer(bearer)) return;
  throw new ParlourError('insufficient_scope', 'A token gets no other token: it takes the login that it hangs on.');
}

function answerSignIn(c: Context<AppEnv>, answer: LoggedIn | SecondStep): Response {
  if ('user' in answer) return answerLogin(c, answer);
  c.header('set-cookie', answer.stepCookie);
  return c.json({ secondFactor: true });
}

const describeSignUp = describe({
  tag,
  summary: 'Make an account and sign it in',
  answers: {
    200: { description: 'The new account. The session is a cookie that scripts cannot read.', schema: loggedIn },
  },
  refusals: [
    'sign_up_closed',
    'invite_required',
    'claim_invalid',
    'already_claimed',
    'email_taken',
    'invite_not_found',
    'invite_expired',
    'invite_used_up',
    'invite_revoked',
    'invalid_field',
    'rate_limited',
    'busy',
  ],
  anonymous: true,
});
const describeSignIn = describe({
  tag,
  summary: 'Sign in with email and password',
  answers: {
    200: {
      description: 'The account, and the session in a cookie that scripts cannot read; or that a code is asked for.',
      schema: v.union([loggedIn, secondStep]),
    },
  },
  refusals: ['wrong_credentials', 'invalid_field', 'rate_limited', 'busy'],
  anonymous: true,
});
const describeSignOut = describe({
  tag,
  summary: 'Sign out',
  answers: {
    200: {
      description: 'Nobody is signed in here any more. `next` is where to end the provider’s session too.',
      schema: signedOut,
    },
  },
  anonymous: true,
});
const describeToken = describe({
  tag,
  summary: 'Get a token for the socket and for calls with a bearer',
  answers: { 200: { description: 'A JSON Web Token, to be kept in memory only.', schema: token } },
  refusals: ['insufficient_scope'],
});
const describeKeys = describe({
  tag,
  summary: 'The public keys that tokens are signed with',
  answers: { 200: { description: 'A JSON Web Key Set (RFC 7517).', schema: v.object({ keys: v.array(jwk) }) } },
  anonymous: true,
});
