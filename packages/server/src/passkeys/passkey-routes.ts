import {
  changedPasskey,
  passkey,
  passkeyAssertion,
  passkeyChallenge,
  passkeyList,
  passkeyRegistration,
} from '@parlour/protocol/passkeys';
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
import { deletePasskey, listPasskeys, renamePasskey } from './change-passkeys.ts';
import { offerSignIn } from './check-assertion.ts';
import type { PasskeyDeps } from './passkey.ts';
import { offerRegistration, registerPasskey } from './register-passkey.ts';
import { confirmByPasskey, signInWithPasskey } from './sign-in-with-passkey.ts';

export type PasskeyRouteDeps = PasskeyDeps & LogInDeps & { limits: RateLimits };

/** Signing in with a passkey, and one's own passkeys. */
export function passkeyRoutes(deps: PasskeyRouteDeps): Hono<AppEnv> {
  const limited = limitByNetwork(deps.limits.signIn);
  return newRoutes()
    .post('/auth/passkey/options', describeOffer, limited, async (c) => c.json(await offerSignIn(deps)))
    .post('/auth/passkey', describeSignIn, limited, jsonBody(passkeyAssertion), async (c) =>
      answerLogin(c, await signInWithPasskey(deps, c.req.valid('json'), browserOf(c))),
    )
    .post('/auth/confirm/passkey', describeConfirm, requireSession, limited, jsonBody(passkeyAssertion), async (c) => {
      await confirmByPasskey(deps, callerOf(c), c.req.valid('json'), browserOf(c));
      return c.body(null, 204);
    })
    .use('/account/passkeys/*', requireSession)
    .get('/account/passkeys', describeList, async (c) =>
      c.json({ items: await listPasskeys(deps, callerOf(c)), next: null }),
    )
    .post('/account/passkeys/options', describeRegistrationOffer, async (c) =>
      c.json(await offerRegistration(deps, callerOf(c))),
    )
    .post('/account/passkeys', describeRegistration, jsonBody(passkeyRegistration), async (c) =>
      c.json(await registerPasskey(deps, callerOf(c), c.req.valid('json'), browserOf(c)), 201),
    )
    .patch('/account/passkeys/:passkey', describeRename, jsonBody(changedPasskey), async (c) => {
      await renamePasskey(deps, callerOf(c), c.req.param('passkey'), c.req.valid('json').name);
      return c.body(null, 204);
    })
    .delete('/account/passkeys/:passkey', describeRemoval, async (c) => {
      await deletePasskey(deps, callerOf(c), c.req.param('passkey'), browserOf(c));
      return c.body(null, 204);
    });
}

const door = 'Signing in';
const describeOffer = describe({
  tag: door,
  summary: 'Get a challenge for signing in with a passkey',
  answers: { 200: { description: 'Good once, for five minutes.', schema: passkeyChallenge } },
  refusals: ['rate_limited'],
  anonymous: true,
});
const describeSignIn = describe({
  tag: door,
  summary: 'Sign in with a passkey',
  answers: { 200: { description: 'The account. The session is a cookie that scripts cannot read.', schema: loggedIn } },
  refusals: ['passkey_refused', 'banned', 'invalid_field', 'rate_limited'],
  anonymous: true,
});
const describeConfirm = describe({
  tag: door,
  summary: 'Show again who one is, with a passkey',
  answers: { 204: { description: 'For ten minutes, this session may do what asks for it.' } },
  refusals: ['passkey_refused', 'invalid_field', 'rate_limited'],
});

const tag = 'Passkeys';
const describeList = describe({
  tag,
  summary: 'List one’s own passkeys',
  answers: { 200: { description: 'All of them, oldest first.', schema: passkeyList } },
});
const describeRegistrationOffer = describe({
  tag,
  summary: 'Get a challenge for a new passkey',
  answers: { 200: { description: 'Good once, for five minutes, in this session.', schema: passkeyChallenge } },
  refusals: ['confirmation_required', 'too_many_passkeys'],
});
const describeRegistration = describe({
  tag,
  summary: 'Add a passkey',
  answers: { 201: { description: 'The passkey, named after the browser or authenticator.', schema: passkey } },
  refusals: ['passkey_refused', 'too_many_passkeys', 'invalid_field'],
});
const describeRename = describe({
  tag,
  summary: 'Rename a passkey',
  answers: { 204: { description: 'It has the new name.' } },
  refusals: ['passkey_not_found', 'invalid_field'],
});
const describeRemoval = describe({
  tag,
  summary: 'Remove a passkey',
  answers: { 204: { description: 'Nobody signs in with it any more.' } },
  refusals: ['confirmation_required', 'passkey_not_found', 'last_sign_in_way'],
});
