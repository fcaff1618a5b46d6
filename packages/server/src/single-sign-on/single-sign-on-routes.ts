import { ParlourError } from '@parlour/protocol/errors';
import { readReturnPath } from '@parlour/protocol/return-path';
import { isSignOnRefusal, signOnStart } from '@parlour/protocol/single-sign-on';
import type { Context, Hono } from 'hono';
import * as v from 'valibot';
import { type Browser, browserOf } from '../accounts/browser.ts';
import { requireRecent } from '../accounts/require-recent.ts';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { limitByNetwork, networkOf } from '../http/rate-limit.ts';
import { callerOf } from '../http/require-caller.ts';
import { requireSession } from '../http/require-session.ts';
import { formBody } from '../http/validate.ts';
import { describe } from '../route-description.ts';
import { plainPage } from '../web/plain-page.ts';
import { logOutByProvider } from './back-channel-logout.ts';
import { type Attempt, beginSignOn, type Start, takeAttempt } from './begin-sign-on.ts';
import { enterByIdentity } from './enter-by-identity.ts';
import { linkIdentity } from './link-identity.ts';
import type { Provider } from './provider.ts';
import { redeemCode } from './redeem-code.ts';
import type { SignOnDeps } from './sign-on-deps.ts';

const tag = 'Single sign-on';
const settingsPage = '/settings/security';
const logout = v.object({ logout_token: v.pipe(v.string(), v.minLength(1), v.maxLength(16_384)) });

/** The one path that other servers call: providers, about logouts. */
export function isBackChannel(path: string): boolean {
  return /^\/api\/auth\/oidc\/[a-z0-9]+\/backchannel-logout$/.test(path);
}

export function singleSignOnRoutes(deps: SignOnDeps): Hono<AppEnv> {
  return newRoutes()
    .post('/auth/oidc/:provider', describeStart, formBody(signOnStart), async (c) => {
      const { to, ...entry } = c.req.valid('form');
      return await begin(deps, c, { to: readReturnPath(to) ?? '/rooms', entry, linkTo: null });
    })
    .post('/account/identities/:provider', describeLink, requireSession, async (c) => {
      count(deps, c);
      requireRecent(deps, callerOf(c));
      const start = { to: settingsPage, entry: {}, linkTo: callerOf(c).grantId };
      const { url, cookie } = await beginSignOn(deps, findProvider(deps, c), start, browserOf(c));
      c.header('set-cookie', cookie);
      return c.json({ url: url.href });
    })
    .get('/auth/oidc/:provider/callback', describeCallback, async (c) => comeBack(deps, c))
    .post(
      '/auth/oidc/:provider/backchannel-logout',
      describeLogout,
      limitByNetwork(deps.limits.backChannel),
      formBody(logout),
      async (c) => {
        await logOutByProvider(deps, findProvider(deps, c), c.req.valid('form').logout_token, browserOf(c));
        return c.body(null, 200);
      },
    );
}

/**
 * By POST, because it begins something, which no other site may do in a person's name. The way on is a page that leads to
 * the provider, not a redirect: a page's `form-action` holds for redirects too, and ours is this house alone.
 */
async function begin(deps: SignOnDeps, c: Context<AppEnv>, start: Start): Promise<Response> {
  const provider = findProvider(deps, c);
  try {
    count(deps, c);
    const { url, cookie } = await beginSignOn(deps, provider, start, browserOf(c));
    const headers = { refresh: `0;url=${url.href}`, 'set-cookie': cookie };
    return plainPage(200, 'One moment', `You are on your way to ${escapeText(provider.settings.name)}.`, headers);
  } catch (error) {
    return land(deps, c, start, error);
  }
}

async function comeBack(deps: SignOnDeps, c: Context<AppEnv>): Promise<Response> {
  const provider = findProvider(deps, c);
  const query = new URL(c.req.url).searchParams;
  const browser = browserOf(c);
  let attempt: Attempt | undefined;
  try {
    count(deps, c);
    attempt = await takeAttempt(deps, provider, query.get('state') ?? '', browser);
    if (attempt === undefined) throw new ParlourError('sign_on_expired', 'This sign-in is over. Try again.');
    return c.redirect(await finish(deps, c, provider, attempt, query, browser), 303);
  } catch (error) {
    await note(deps, provider, error, browser);
    return land(deps, c, attempt ?? { to: '/rooms', entry: {}, linkTo: null }, error);
  }
}

/** Answers where to land. */
async function finish(
  deps: SignOnDeps,
  c: Context<AppEnv>,
  provider: Provider,
  attempt: Attempt,
  query: URLSearchParams,
  browser: Browser,
): Promise<string> {
  const signedOn = await redeemCode(deps, provider, attempt, query);
  c.header('set-cookie', deps.browsers.clear());
  if (attempt.linkTo !== null) {
    await linkIdentity(deps, c.var.caller, attempt, signedOn, browser);
    return attempt.to;
  }
  const { cookie, browserCookie, isNew } = await enterByIdentity(deps, signedOn, attempt.entry, browser);
  for (const one of [cookie, browserCookie]) c.header('set-cookie', one, { append: true });
  // What the claim was for is done: its page would say that it works no more.
  return isNew && attempt.entry.claim !== undefined ? '/rooms' : attempt.to;
}

/** Back to where it began, with a code that stands for a sentence there. */
function land(deps: SignOnDeps, c: Context<AppEnv>, { to, linkTo }: Start, error: unknown): Response {
  const code = error instanceof ParlourError && isSignOnRefusal(error.code) ? error.code : 'internal';
  if (code === 'internal') deps.log.error('A single sign-on failed', { requestId: c.var.requestId, cause: error });
  const query = new URLSearchParams({ refused: code, ...(linkTo === null ? { to } : {}) });
  return c.redirect(`${linkTo === null ? '/sign-in' : settingsPage}?${query}`, 303);
}

async function note(deps: SignOnDeps, provider: Provider, error: unknown, browser: Browser): Promise<void> {
  if (!(error instanceof ParlourError)) return;
  const detail = { provider: provider.settings.id, reason: error.code };
  if (error.cause !== undefined)
    deps.log.warn('A sign-in provider was not believed', { ...detail, cause: error.cause });
  if (error.retryable) return;
  await deps.attempts.note({ kind: 'sign_in_refused', from: browser, detail });
}

function findProvider({ providers }: SignOnDeps, c: Context<AppEnv>): Provider {
  const provider = providers.get(c.req.param('provider') ?? '');
  if (provider === undefined) throw new ParlourError('not_found', 'There is no such sign-in provider here.');
  return provider;
}

function count({ limits }: SignOnDeps, c: Context<AppEnv>): void {
  if (c.var.clientAddress !== '') limits.singleSignOn.count(networkOf(c.var.clientAddress));
}

function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const describeStart = describe({
  tag,
  summary: 'Begin to sign in at a provider',
  answers: {
    200: { description: 'A page that leads to the provider, for browsers.' },
    303: { description: 'Back to the sign-in page, with a code in `refused`.' },
  },
  refusals: ['not_found', 'invalid_field'],
  anonymous: true,
});
const describeLink = describe({
  tag,
  summary: 'Begin to link a provider with one’s account',
  answers: {
    200: {
      description: 'Where the browser goes; it comes back to the settings.',
      schema: v.object({ url: v.string() }),
    },
  },
  refusals: ['not_found', 'confirmation_required', 'rate_limited', 'provider_unavailable'],
});
const describeCallback = describe({
  tag,
  summary: 'Where a provider sends the browser back to',
  answers: { 303: { description: 'To the page first asked for, or to the sign-in page with a code in `refused`.' } },
  refusals: ['not_found'],
  anonymous: true,
});
const describeLogout = describe({
  tag,
  summary: 'A provider tells that it has signed somebody out',
  answers: {
    200: { description: 'The sessions that hung on it have ended (OpenID Connect Back-Channel Logout 1.0).' },
  },
  refusals: ['logout_token_invalid', 'not_found', 'invalid_field', 'rate_limited', 'provider_unavailable'],
  anonymous: true,
});
