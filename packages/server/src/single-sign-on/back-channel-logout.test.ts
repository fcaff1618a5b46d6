import { randomUUID } from 'node:crypto';
import { exportSPKI, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { byHand } from '../../test/by-hand.ts';
import { clientSecret, OidcProvider } from '../../test/oidc-provider.ts';
import { openHouse } from '../../test/open-house.ts';
import { startServer, type TestServer } from '../../test/start-server.ts';
import { Surfer } from '../../test/surfer.ts';
import type { TestSocket } from '../../test/test-socket.ts';
import type { Answer } from '../../test/visitor.ts';
import { insertLogout, purgeLogouts } from './logout-store.ts';

const event = 'http://schemas.openid.net/event/backchannel-logout';
const path = '/api/auth/oidc/keystone/backchannel-logout';

/** Runs on, from where a test moved it. */
const clock = { ahead: 0, now: () => Date.now() + clock.ahead };
let server: TestServer;
let keystone: OidcProvider;
let lantern: OidcProvider;
beforeAll(async () => {
  [keystone, lantern] = await Promise.all([OidcProvider.listen('keystone'), OidcProvider.listen('lantern')]);
  server = await startServer({
    clock,
    environment: { ...keystone.settings, ...lantern.settings, PARLOUR_RATE_LIMITS: 'off' },
  });
  for (const provider of [keystone, lantern]) provider.open(server.origin);
});
afterAll(async () => {
  await server.stop();
  await Promise.all([keystone.close(), lantern.close()]);
});

/** Somebody new, signed in through a provider. Their name there is their id here, too. */
async function signOn(login: string, provider = keystone, id = 'keystone'): Promise<Surfer> {
  provider.know(login, { email: `${login}@private.example`, email_verified: true, name: login });
  provider.visitor = login;
  const surfer = new Surfer(server.visit());
  await surfer.signOn(id);
  await surfer.visitor.know();
  return surfer;
}

/** The provider's own name for the session that somebody's latest login hangs on. */
function sidOf(login: string): string {
  const sql = `SELECT session.providerSession AS sid FROM session JOIN audit ON audit.detail LIKE '%' || session.id || '%'
     WHERE session.providerSubject = ? AND audit.kind = 'signed_in' ORDER BY audit.number DESC LIMIT 1`;
  return String(byHand(server, (db) => db.prepare(sql).get(login))?.['sid']);
}

function send(token: string, headers: Record<string, string> = {}): Promise<Answer<{ code: string; detail: string }>> {
  const body = new URLSearchParams({ logout_token: token }).toString();
  return server
    .visit()
    .request('POST', path, body, { 'content-type': 'application/x-www-form-urlencoded', ...headers });
}

const seconds = () => Math.floor(clock.now() / 1_000);

function claimsFor(sub: string): JWTPayload {
  return {
    iss: keystone.issuer,
    aud: keystone.clientId,
    iat: seconds(),
    exp: seconds() + 120,
    jti: randomUUID(),
    events: { [event]: {} },
    sub,
  };
}

async function isLive(socket: TestSocket): Promise<boolean> {
  await socket.settle();
  return !socket.isClosed;
}

test('C6, P-REVOKE-1: the provider signs one of a person’s sessions out, and its sockets close; no other', async () => {
  const first = await signOn('ada');
  const sid = sidOf('ada');
  const second = await signOn('ada');
  const other = await signOn('grace');
  const [gone, kept, graces] = await Promise.all([first, second, other].map(({ visitor }) => visitor.connect()));
  expect(sidOf('ada')).not.toBe(sid);
  await keystone.signOut('ada', sid);
  expect(await gone?.closed).toEqual({ code: 4403, reason: 'provider_signed_out' });
  for (const socket of [kept, graces]) expect(await isLive(socket as TestSocket)).toBe(true);
  expect((await first.visitor.request('GET', '/api/account')).status).toBe(403);
  expect((await second.visitor.request('GET', '/api/account')).status).toBe(200);
});

test('C6: a token without `sid` ends all of the subject’s sessions there, and none that came another way', async () => {
  const [first, second] = [await signOn('linus'), await signOn('linus')];
  const [elsewhere, grace] = [await signOn('linus', lantern, 'lantern'), await signOn('grace')];
  const sockets = await Promise.all([first, second].map(({ visitor }) => visitor.connect()));
  const kept = await Promise.all([elsewhere, grace].map(({ visitor }) => visitor.connect()));
  const answer = await send(await keystone.sign(claimsFor('linus')));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  for (const socket of sockets) expect((await socket.closed).reason).toBe('provider_signed_out');
  for (const socket of kept) expect(await isLive(socket)).toBe(true);
});

test('C6: somebody who is not here is signed out without more ado', async () => {
  expect((await send(await keystone.sign(claimsFor('nobody')))).status).toBe(200);
});

test('C6: a provider needs no browser’s headers, and those of another site do not hinder it', async () => {
  const headers = { 'sec-fetch-site': 'cross-site', origin: keystone.issuer };
  expect((await send(await keystone.sign(claimsFor('nobody')), headers)).status).toBe(200);
});

test('P-HTTP-16, C6: a token works once, also when two arrive at once', async () => {
  const token = await keystone.sign(claimsFor('nobody'));
  const answers = await Promise.all(Array.from({ length: 5 }, () => send(token)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400]);
  expect((await send(token)).body.code).toBe('logout_token_invalid');
});

test('C6: clocks may differ by 30 seconds, and a token that lives longer than ten minutes lives ten', async () => {
  const at = (iat: number, exp: number) => ({ ...claimsFor('nobody'), iat: seconds() + iat, exp: seconds() + exp });
  for (const [iat, exp, status] of [
    [25, 120, 200],
    [40, 120, 400],
    [-60, -25, 200],
    [-60, -35, 400],
    [-590, 9_000, 200],
    [-640, 9_000, 400],
  ] as const) {
    expect((await send(await keystone.sign(at(iat, exp)))).status, `iat ${iat}, exp ${exp}`).toBe(status);
  }
});

type Forgery = {
  claims?: Record<string, unknown>;
  header?: Partial<JWTHeaderParameters>;
  sign?: (claims: JWTPayload) => Promise<string>;
};

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
const signWith = (key: Uint8Array, alg: string) => (claims: JWTPayload) =>
  new SignJWT(claims).setProtectedHeader({ alg, typ: 'logout+jwt' }).sign(key);

const forgeries: Record<string, Forgery> = {
  'of another issuer': { claims: { iss: 'http://127.0.0.1:1' } },
  'for another audience': { claims: { aud: 'somebody else' } },
  'without an issuer': { claims: { iss: undefined } },
  'without an audience': { claims: { aud: undefined } },
  'without a time': { claims: { iat: undefined } },
  'without an end': { claims: { exp: undefined } },
  'without an identifier': { claims: { jti: undefined } },
  'with an empty identifier': { claims: { jti: '' } },
  'without events': { claims: { events: undefined } },
  'of another event': { claims: { events: { 'http://schemas.openid.net/event/other': {} } } },
  'whose event is no object': { claims: { events: { [event]: true } } },
  'whose events are a list': { claims: { events: [event] } },
  'with a nonce, as an ID token has': { claims: { nonce: 'a nonce' } },
  'that names nobody': { claims: { sub: undefined } },
  'that names an empty session': { claims: { sid: '' } },
  'that names a session by a number': { claims: { sid: 1 } },
  'of the type of an access token': { header: { typ: 'at+jwt' } },
  'of another key': { sign: async (claims) => lantern.sign(claims, { kid: 'key of keystone' }) },
  'of a key that is not published': { header: { kid: 'a key that nobody knows' } },
  'that is not signed': { sign: async (claims) => `${encode({ alg: 'none', typ: 'logout+jwt' })}.${encode(claims)}.` },
  'signed with the client’s secret': { sign: signWith(new TextEncoder().encode(clientSecret), 'HS256') },
  'signed with the public key as a secret': {
    sign: async (claims) => signWith(new TextEncoder().encode(await exportSPKI(keystone.publicKey)), 'HS256')(claims),
  },
  'whose claims were changed': {
    sign: async (claims) => {
      const [header, , signature] = (await keystone.sign(claims)).split('.');
      return `${header}.${encode({ ...claims, jti: 'another' })}.${signature}`;
    },
  },
  'that is no token': { sign: async () => 'not a token' },
};

test.each(Object.entries(forgeries))('C6: a logout token %s is refused, and ends nothing', async (_what, forgery) => {
  const { claims = {}, header = {}, sign = (all: JWTPayload) => keystone.sign(all, header) } = forgery;
  const ada = await signOn('hedy');
  // The same without the fault, for somebody else, works.
  expect((await send(await keystone.sign(claimsFor('nobody')))).status).toBe(200);
  const answer = await send(await sign({ ...claimsFor('hedy'), ...claims }));
  expect(answer.status).toBe(400);
  expect(answer.body.code).toBe('logout_token_invalid');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect((await ada.visitor.request('GET', '/api/account')).status).toBe(200);
});

test('C6: a provider whose keys cannot be had is asked again later, and the token is not used up', async () => {
  const beacon = await OidcProvider.listen('beacon');
  const house = await startServer({ environment: beacon.settings });
  beacon.open(house.origin);
  beacon.fail();
  const now = Math.floor(Date.now() / 1_000);
  const token = await beacon.sign({ ...claimsFor('nobody'), iss: beacon.issuer, aud: beacon.clientId, iat: now });
  const tell = () =>
    house.visit().request('POST', path.replace('keystone', 'beacon'), `logout_token=${token}`, {
      'content-type': 'application/x-www-form-urlencoded',
    });
  expect(await tell()).toMatchObject({ status: 503, body: { code: 'provider_unavailable' } });
  beacon.open(house.origin);
  expect((await tell()).status).toBe(200);
  await house.stop();
  await beacon.close();
});

test('C6: what was refused is noted, and what was used is forgotten once it is too old to be used', async () => {
  expect((await send('not a token')).status).toBe(400);
  const noted = byHand(server, (db) =>
    db.prepare(`SELECT detail FROM audit WHERE kind = 'logout_token_refused'`).all(),
  );
  expect(JSON.parse(String(noted[0]?.['detail']))).toMatchObject({ provider: 'keystone' });
  const house = await openHouse();
  const at = { hash: 'a', provider: 'keystone', subject: 'ada', session: null, issuedAt: 1, expiresAt: 1_000 };
  await house.deps.db.kysely.transaction().execute(async (trx) => {
    expect([await insertLogout(trx, at), await insertLogout(trx, at)]).toEqual([true, false]);
  });
  await purgeLogouts(house.deps.db.kysely, 999);
  expect(await house.deps.db.kysely.selectFrom('usedLogoutTokens').select('hash').execute()).toHaveLength(1);
  await purgeLogouts(house.deps.db.kysely, 1_000);
  expect(await house.deps.db.kysely.selectFrom('usedLogoutTokens').select('hash').execute()).toEqual([]);
  await house.close();
});

test('C6: another provider’s own token ends no session at this one', async () => {
  const ada = await signOn('hedy');
  const token = await lantern.sign({ ...claimsFor('hedy'), iss: lantern.issuer, aud: lantern.clientId });
  expect((await send(token)).status).toBe(400);
  expect((await ada.visitor.request('GET', '/api/account')).status).toBe(200);
});

test('C6: what is no form, names no token or no provider is refused as any request would be', async () => {
  const token = await keystone.sign(claimsFor('nobody'));
  expect((await send(token)).status).toBe(200);
  const visitor = server.visit();
  expect((await visitor.request('POST', path, { logout_token: token })).status).toBe(415);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await visitor.request('POST', path, 'other=1', form)).status).toBe(422);
  expect(
    (await visitor.request('POST', path.replace('keystone', 'nowhere'), `logout_token=${token}`, form)).status,
  ).toBe(404);
  expect((await visitor.request('GET', path)).status).toBe(405);
});

test('C6: a sign-in that was under way when the provider signed the person out comes too late', async () => {
  keystone.know('katherine', { email: 'katherine@private.example', email_verified: true, name: 'Katherine' });
  keystone.visitor = 'katherine';
  const surfer = new Surfer(server.visit());
  const start = await surfer.press('keystone');
  const before = await surfer.follow(start, (url) => url.pathname.endsWith('/callback'));
  expect((await send(await keystone.sign({ ...claimsFor('katherine'), iat: seconds() + 20 }))).status).toBe(200);
  expect((await surfer.follow(before.url)).url.search).toContain('refused=sign_on_expired');
  expect((await surfer.visitor.request('GET', '/api/account')).status).toBe(403);
});
