import type { Account, Workspace } from '@parlour/protocol/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { byHand } from '../../test/by-hand.ts';
import { OidcProvider } from '../../test/oidc-provider.ts';
import { startServer, type TestServer } from '../../test/start-server.ts';
import { Surfer } from '../../test/surfer.ts';

/** Runs on, from where a test moved it. */
const clock = { ahead: 0, now: () => Date.now() + clock.ahead };
let server: TestServer;
let keystone: OidcProvider;
let lantern: OidcProvider;
beforeAll(async () => {
  [keystone, lantern] = await Promise.all([OidcProvider.listen('keystone'), OidcProvider.listen('lantern')]);
  const environment = {
    ...keystone.settings,
    ...lantern.settings,
    PARLOUR_OIDC_LANTERN_NAME: 'The Lantern',
    // More come from one network here than a house would take.
    PARLOUR_RATE_LIMITS: 'off',
  };
  server = await startServer({ clock, environment });
  for (const provider of [keystone, lantern]) provider.open(server.origin);
});
afterAll(async () => {
  await server.stop();
  await Promise.all([keystone.close(), lantern.close()]);
});

const surf = () => new Surfer(server.visit());
const isCallback = (url: URL) => url.pathname.endsWith('/callback');
const landing = (code: string) => `/sign-in?refused=${code}&to=%2Frooms`;

/** At the provider, about to come back: answers the address that the provider sends the browser to. */
async function goToProvider(surfer: Surfer, id = 'keystone'): Promise<URL> {
  return (await surfer.follow(await surfer.press(id), isCallback)).url;
}

async function comeBack(surfer: Surfer, url: URL): Promise<string> {
  const landed = await surfer.follow(url);
  return landed.url.pathname + landed.url.search;
}

async function isSignedIn(surfer: Surfer): Promise<boolean> {
  return (await surfer.visitor.request('GET', '/api/account')).status === 200;
}

function audited(kind: string): Record<string, unknown>[] {
  const rows = byHand(server, (db) => db.prepare('SELECT detail FROM audit WHERE kind = ? ORDER BY number').all(kind));
  return rows.map(({ detail }) => JSON.parse(String(detail)));
}

test('P-HTTP-16, C1: the house names its providers', async () => {
  const { body } = await server.visit().request<Workspace>('GET', '/api/workspace');
  expect(body.providers).toEqual([
    { id: 'keystone', name: 'Keystone' },
    { id: 'lantern', name: 'The Lantern' },
  ]);
});

test('C1, C5: signing in at a provider leads to the page first asked for, as the same person each time', async () => {
  keystone.know('ada', { email: 'Ada@Private.example', email_verified: true, name: 'Ada' });
  keystone.visitor = 'ada';
  const [surfer, again] = [surf(), surf()];
  const { url } = await surfer.signOn('keystone', { to: '/posts?page=2' });
  expect(url.href).toBe(`${server.origin}/posts?page=2`);
  const ada: Account = await surfer.visitor.know();
  expect(ada).toMatchObject({ name: 'Ada', email: 'ada@private.example', role: 'member' });
  expect((await surfer.visitor.rooms()).some(({ member }) => member)).toBe(true);
  await again.signOn('keystone');
  expect((await again.visitor.know()).id).toBe(ada.id);
  expect(audited('identity_linked')).toEqual([{ provider: 'keystone' }]);
  const sockets = await Promise.all([surfer.visitor.connect(), again.visitor.connect()]);
  expect(sockets).toHaveLength(2);
});

test('C1: state, nonce and PKCE go along, and nothing that is secret', async () => {
  const url = await surf().press('keystone', { invite: 'an-invite' });
  const query = Object.fromEntries(url.searchParams);
  expect(query).toMatchObject({ response_type: 'code', code_challenge_method: 'S256', scope: 'openid email profile' });
  for (const name of ['state', 'nonce', 'code_challenge']) expect(query[name]).toMatch(/^[\w-]{43}$/);
  expect(url.href).not.toContain('an-invite');
  const rows = byHand(server, (db) => db.prepare('SELECT * FROM oneTimeSecrets').all());
  for (const secret of ['an-invite', query['state'] ?? '', query['nonce'] ?? ''])
    expect(JSON.stringify(rows)).not.toContain(secret);
});

test('C1, fault 22: what lies outside this house is never where it leads', async () => {
  keystone.visitor = 'ada';
  for (const to of [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
  ]) {
    expect((await surf().signOn('keystone', { to })).url.href).toBe(`${server.origin}/rooms`);
  }
});

test('C1, D3: another site cannot begin it, and a GET begins nothing', async () => {
  const path = '/api/auth/oidc/keystone';
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await server.visit().request('POST', path, '', { ...form, 'sec-fetch-site': 'same-origin' })).status).toBe(
    200,
  );
  const answer = await server.visit().request('POST', path, '', { ...form, 'sec-fetch-site': 'cross-site' });
  expect(answer).toMatchObject({ status: 403, body: { code: 'cross_site' } });
  expect((await server.visit().request('GET', path)).status).toBe(405);
  expect((await server.visit().request('POST', '/api/auth/oidc/nowhere', '', form)).status).toBe(404);
});

test('C1: what came back once does not come back again', async () => {
  keystone.visitor = 'ada';
  const surfer = surf();
  const url = await goToProvider(surfer);
  expect(await comeBack(surfer, url)).toBe('/rooms');
  await surfer.visitor.signOut();
  expect(await comeBack(surfer, url)).toBe(landing('sign_on_expired'));
  expect(await isSignedIn(surfer)).toBe(false);
  expect(audited('sign_in_refused').at(-1)).toEqual({ provider: 'keystone', reason: 'sign_on_expired' });
});

test('C1: nobody finishes in one browser what began in another', async () => {
  keystone.visitor = 'ada';
  const [surfer, victim, own] = [surf(), surf(), surf()];
  expect(await comeBack(own, await goToProvider(own))).toBe('/rooms');
  const url = await goToProvider(surfer);
  await victim.press('keystone');
  expect(await comeBack(victim, url)).toBe(landing('sign_on_expired'));
  expect(await isSignedIn(victim)).toBe(false);
});

test('C1: two tabs of one browser can be at the provider at once', async () => {
  keystone.visitor = 'ada';
  const surfer = surf();
  const [first, second] = [await surfer.press('keystone'), await surfer.press('keystone')];
  const back = await surfer.follow(second, isCallback);
  await surfer.follow(first, isCallback);
  expect(await comeBack(surfer, back.url)).toBe('/rooms');
});

test('C1: it takes ten minutes at most', async () => {
  keystone.visitor = 'ada';
  const [surfer, late] = [surf(), surf()];
  expect(await comeBack(surfer, await goToProvider(surfer))).toBe('/rooms');
  const url = await goToProvider(late);
  clock.ahead += 601_000;
  expect(await comeBack(late, url)).toBe(landing('sign_on_expired'));
  clock.ahead -= 601_000;
});

test.each([
  ['another state', (url: URL) => url.searchParams.set('state', 'x'.repeat(43)), 'sign_on_expired'],
  ['no state', (url: URL) => url.searchParams.delete('state'), 'sign_on_expired'],
  ['another code', (url: URL) => url.searchParams.set('code', 'another'), 'provider_refused'],
  ['no code', (url: URL) => url.searchParams.delete('code'), 'provider_refused'],
  ['another issuer', (url: URL) => url.searchParams.set('iss', 'https://evil.example'), 'provider_refused'],
  ['no issuer, though the provider tells it', (url: URL) => url.searchParams.delete('iss'), 'provider_refused'],
  ['two codes', (url: URL) => url.searchParams.append('code', 'another'), 'provider_refused'],
  ['the word that it was cancelled', (url: URL) => url.searchParams.set('error', 'access_denied'), 'sign_on_cancelled'],
  ['another error', (url: URL) => url.searchParams.set('error', 'server_error'), 'provider_refused'],
])('C1: coming back with %s signs nobody in', async (_what, tamper, code) => {
  keystone.visitor = 'ada';
  const [surfer, allowed] = [surf(), surf()];
  expect(await comeBack(allowed, await goToProvider(allowed))).toBe('/rooms');
  const url = await goToProvider(surfer);
  tamper(url);
  expect(await comeBack(surfer, url)).toBe(landing(code));
  expect(await isSignedIn(surfer)).toBe(false);
});

test('C1: the code of another sign-in has another PKCE challenge and another nonce', async () => {
  keystone.visitor = 'ada';
  const surfer = surf();
  const [first, second] = [await goToProvider(surfer), await goToProvider(surfer)];
  second.searchParams.set('code', first.searchParams.get('code') ?? '');
  expect(await comeBack(surfer, second)).toBe(landing('provider_refused'));
  expect(await isSignedIn(surfer)).toBe(false);
});

test('C1: what one provider answers is worth nothing at another’s door', async () => {
  keystone.visitor = 'ada';
  const surfer = surf();
  const url = await goToProvider(surfer);
  url.pathname = url.pathname.replace('keystone', 'lantern');
  expect(await comeBack(surfer, url)).toBe(landing('sign_on_expired'));
});

test('C1: somebody who turns back at the provider is told so', async () => {
  keystone.visitor = 'nobody';
  const { url } = await surf().signOn('keystone');
  expect(url.pathname + url.search).toBe(landing('sign_on_cancelled'));
});

test('C1: a provider that is down stops nothing but itself, and comes back', async () => {
  const beacon = await OidcProvider.listen('beacon');
  const house = await startServer({ environment: beacon.settings });
  try {
    const surfer = new Surfer(house.visit());
    expect((await surfer.signOn('beacon')).url.search).toBe('?refused=provider_unavailable&to=%2Frooms');
    await house.signUp('Grace');
    beacon.open(house.origin);
    beacon.know('ada', { email: 'ada@private.example', email_verified: true, name: 'Ada' });
    beacon.visitor = 'ada';
    expect((await surfer.signOn('beacon')).url.pathname).toBe('/rooms');
    // Down again between the start and the return.
    const second = new Surfer(house.visit());
    const { url } = await second.follow(await second.press('beacon'), isCallback);
    beacon.fail();
    expect((await second.follow(url)).url.search).toBe('?refused=provider_unavailable&to=%2Frooms');
  } finally {
    await house.stop();
    await beacon.close();
  }
});

test('P-HTTP-16, C6: signing out ends the session here first, and leads to the provider to end that one too', async () => {
  keystone.visitor = 'ada';
  const surfer = surf();
  await surfer.signOn('keystone');
  const socket = await surfer.visitor.connect();
  const { body } = await surfer.visitor.request<{ success: true; next: string }>('POST', '/api/auth/sign-out', {});
  expect(await socket.closed).toEqual({ code: 4403, reason: 'signed_out' });
  const next = new URL(body.next);
  expect(next.origin).toBe(keystone.issuer);
  expect(next.searchParams.get('post_logout_redirect_uri')).toBe(`${server.origin}/sign-in`);
  expect(next.searchParams.get('client_id')).toBe(keystone.clientId);
  const stored = byHand(server, (db) => db.prepare('SELECT providerIdToken FROM session').all());
  expect(JSON.stringify(stored)).not.toContain(next.searchParams.get('id_token_hint'));
  // The provider takes the hint, asks whether to sign out there too, and knows the way back.
  const asked = await surfer.follow(next);
  expect([asked.url.pathname, asked.status]).toEqual(['/session/end', 200]);
});

test('C6: signing out does not wait for a provider that is gone', async () => {
  const beacon = await OidcProvider.listen('beacon');
  const house = await startServer({ clock, environment: beacon.settings });
  beacon.open(house.origin);
  beacon.know('ada', { email: 'ada@private.example', email_verified: true, name: 'Ada' });
  beacon.visitor = 'ada';
  const surfer = new Surfer(house.visit());
  await surfer.signOn('beacon');
  await beacon.close();
  clock.ahead += 25 * 60 * 60 * 1_000;
  const { status, body } = await surfer.visitor.request('POST', '/api/auth/sign-out', {});
  clock.ahead -= 25 * 60 * 60 * 1_000;
  expect([status, body]).toEqual([200, { success: true }]);
  expect((await surfer.visitor.request('GET', '/api/account')).status).toBe(403);
  await house.stop();
});

test('C1: one network presses the button and comes back a set number of times', async () => {
  const house = await startServer({ clock: { now: () => 0 }, environment: keystone.settings });
  keystone.open(house.origin);
  const surfer = new Surfer(house.visit());
  for (let count = 0; count < 100; count += 1) expect((await surfer.press('keystone')).origin).toBe(keystone.issuer);
  expect((await surfer.press('keystone')).search).toBe('?refused=rate_limited&to=%2Frooms');
  await house.stop();
  keystone.open(server.origin);
});

test('C6: who signed in by a password is led nowhere', async () => {
  const grace = await server.signUp('Grace');
  expect((await grace.request('POST', '/api/auth/sign-out', {})).body).toEqual({ success: true });
});
