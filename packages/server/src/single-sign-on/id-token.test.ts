import { exportSPKI, type JWTPayload, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { clientSecret, OidcProvider } from '../../test/oidc-provider.ts';
import { startServer, type TestServer } from '../../test/start-server.ts';
import { Surfer } from '../../test/surfer.ts';

let server: TestServer;
let keystone: OidcProvider;
let lantern: OidcProvider;
beforeAll(async () => {
  [keystone, lantern] = await Promise.all([OidcProvider.listen('keystone'), OidcProvider.listen('lantern')]);
  server = await startServer({ environment: { ...keystone.settings, PARLOUR_RATE_LIMITS: 'off' } });
  keystone.open(server.origin);
  keystone.know('ada', { email: 'ada@private.example', email_verified: true, name: 'Ada' });
  keystone.visitor = 'ada';
});
afterEach(() => {
  keystone.forge = undefined;
});
afterAll(async () => {
  await server.stop();
  await Promise.all([keystone.close(), lantern.close()]);
});

async function signOn(forge: OidcProvider['forge']): Promise<{ landed: string; status: number }> {
  keystone.forge = forge;
  const surfer = new Surfer(server.visit());
  const { url } = await surfer.signOn('keystone');
  return { landed: url.pathname + url.search, status: (await surfer.visitor.request('GET', '/api/account')).status };
}

const signed = { landed: '/rooms', status: 200 };
const refused = { landed: '/sign-in?refused=provider_refused&to=%2Frooms', status: 403 };
const own = (change: (claims: JWTPayload) => Record<string, unknown>) => (claims: JWTPayload) =>
  keystone.sign({ ...claims, ...change(claims) }, { typ: 'JWT' });
const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
const signWith = (secret: string, alg: string) => (claims: JWTPayload) =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));

test('C1: clocks may differ by 30 seconds, and no more', async () => {
  const now = () => Math.floor(Date.now() / 1_000);
  expect(await signOn(own(() => ({ exp: now() - 20 })))).toEqual(signed);
  expect(await signOn(own(() => ({ exp: now() - 40 })))).toEqual(refused);
  expect(await signOn(own(() => ({ nbf: now() + 20 })))).toEqual(signed);
  expect(await signOn(own(() => ({ nbf: now() + 45 })))).toEqual(refused);
});

test.each<[string, NonNullable<OidcProvider['forge']>]>([
  ['of another sign-in, by its nonce', own(() => ({ nonce: 'another' }))],
  ['without a nonce', own(() => ({ nonce: undefined }))],
  ['of another issuer', own(() => ({ iss: 'https://evil.example' }))],
  ['for another audience', own(() => ({ aud: 'somebody else' }))],
  ['for two, of whom another asked for it', own(({ aud }) => ({ aud: [String(aud), 'other'], azp: 'other' }))],
  ['without a subject', own(() => ({ sub: undefined }))],
  ['without an end', own(() => ({ exp: undefined }))],
  ['of another key', (claims) => lantern.sign(claims, { kid: 'key of keystone', typ: 'JWT' })],
  ['of a key that is not published', (claims) => keystone.sign(claims, { kid: 'unknown', typ: 'JWT' })],
  ['that is not signed', async (claims) => `${encode({ alg: 'none' })}.${encode(claims)}.`],
  ['signed with the client’s secret', signWith(clientSecret, 'HS256')],
  [
    'signed with the public key as a secret',
    async (claims) => signWith(await exportSPKI(keystone.publicKey), 'HS256')(claims),
  ],
  [
    'whose claims were changed',
    async (claims, token) => token.replace(/\..*\./, `.${encode({ ...claims, sub: 'grace' })}.`),
  ],
  ['that is no token', async () => 'not a token'],
])('C1: an ID token %s signs nobody in', async (_what, forge) => {
  expect(await signOn(undefined)).toEqual(signed);
  expect(await signOn(forge)).toEqual(refused);
});
