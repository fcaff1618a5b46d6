import { generateKeyPairSync } from 'node:crypto';
import type { PasskeyAssertion, PasskeyRegistration } from '@parlour/protocol/passkeys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';
import { SoftwareAuthenticator, type Tampering } from '../../test/software-authenticator.ts';
import type { TestBrowser } from '../../test/test-browser.ts';

const keys = '/api/account/passkeys';
const ada = { name: 'Ada', email: 'ada@private.example', password: 'analytical engine' };
const grace = { name: 'Grace', email: 'grace@private.example', password: 'compiler of words' };
const minute = 60 * 1_000;

let house: AccountsHouse;
let browser: TestBrowser;
let authenticator: SoftwareAuthenticator;
beforeEach(async () => {
  house = await openAccounts({ signUp: 'open' });
  browser = house.browser({ 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0' });
  await browser.post('/api/auth/sign-up/email', ada);
  authenticator = new SoftwareAuthenticator();
});
afterEach(() => house.close());

const offer = async (who = browser) => (await who.post(`${keys}/options`)).body;
const register = async (tampering: Tampering = {}, who = browser, its = authenticator) =>
  who.post(keys, its.create(await offer(who), tampering));
const challenge = async () => (await house.browser().post('/api/auth/passkey/options')).body;
const enter = (assertion: PasskeyAssertion, who = house.browser()) => who.post('/api/auth/passkey', assertion);
const signIn = async (tampering: Tampering = {}) => enter(authenticator.get(await challenge(), tampering));
const audited = async (kind: string) => {
  const rows = await house.db.kysely.selectFrom('audit').selectAll().where('kind', '=', kind).execute();
  return rows.map(({ subject, detail }) => ({ subject, ...JSON.parse(detail) }));
};
const adaId = async () => (await browser.get('/api/account')).body.id as string;
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

describe('a passkey', () => {
  it('signs its owner in without naming anybody, in a new session, and asks for no code (P-HTTP-18)', async () => {
    const added = await register();
    expect(added).toMatchObject({ status: 201, body: { name: 'Firefox on Linux', lastUsedAt: null, synced: false } });
    house.time.now += minute;
    const visitor = house.browser();
    const answer = await enter(authenticator.get(await challenge()), visitor);
    expect(answer).toMatchObject({ status: 200, body: { user: { name: 'Ada', email: ada.email } } });
    for (const token of visitor.cookies.values()) expect(answer.text).not.toContain(token);
    expect((await visitor.get('/api/account')).status).toBe(200);
    const { items } = (await browser.get(keys)).body;
    expect(items).toEqual([{ ...added.body, lastUsedAt: house.nowText() }]);
    expect((await audited('signed_in')).at(-1)).toMatchObject({ subject: await adaId(), method: 'passkey' });
    expect(await audited('passkey_added')).toEqual([{ subject: await adaId(), name: 'Firefox on Linux' }]);
  });

  it('replaces the session that this browser held (D4)', async () => {
    await register();
    const { sid } = await house.accounts.verifyToken((await browser.get('/api/auth/token')).body.token);
    expect((await enter(authenticator.get(await challenge()), browser)).status).toBe(200);
    expect(await house.accounts.findGrant(sid)).toBeUndefined();
  });

  it('is bound to the house’s own name, whatever the Host header says', async () => {
    const { options } = (await browser.post(`${keys}/options`, undefined, { host: 'evil.example' })).body;
    expect(options).toMatchObject({
      rp: { id: 'house.example', name: 'Parlour' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [],
    });
    const { body } = await register();
    expect((await offer()).options.excludeCredentials).toEqual([
      { id: body.id, type: 'public-key', transports: ['internal'] },
    ]);
    expect((await challenge()).options).toMatchObject({ rpId: 'house.example', userVerification: 'required' });
    expect((await challenge()).options.allowCredentials ?? []).toEqual([]);
  });

  it('can be renamed and removed by its owner alone, and signs nobody in then', async () => {
    const { id } = (await register()).body;
    expect((await signIn()).status).toBe(200);
    const stranger = house.browser();
    await stranger.post('/api/auth/sign-up/email', grace);
    for (const [method, body] of [['PATCH', { name: 'Mine' }], ['DELETE']] as const) {
      expect(await stranger.json(method, `${keys}/${id}`, body)).toMatchObject({
        status: 404,
        body: { code: 'passkey_not_found' },
      });
    }
    expect((await stranger.get(keys)).body.items).toEqual([]);
    expect((await browser.json('PATCH', `${keys}/${id}`, { name: ' My laptop ' })).status).toBe(204);
    expect((await browser.get(keys)).body.items).toMatchObject([{ name: 'My laptop' }]);
    expect((await browser.json('PATCH', `${keys}/${id}`, { name: ' ' })).status).toBe(422);
    expect((await browser.json('DELETE', `${keys}/${id}`)).status).toBe(204);
    expect(await audited('passkey_removed')).toEqual([{ subject: await adaId(), name: 'My laptop' }]);
    expect(await signIn()).toMatchObject({ status: 403, body: { code: 'passkey_refused' } });
  });

  it('stays when it is the last way to sign in', async () => {
    const [first, second] = [(await register()).body.id, (await register()).body.id];
    await house.sql('DELETE FROM passwords');
    expect((await browser.json('DELETE', `${keys}/${first}`)).status).toBe(204);
    const refusal = await browser.json('DELETE', `${keys}/${second}`);
    expect(refusal).toMatchObject({ status: 409, body: { code: 'last_sign_in_way' } });
    expect((await browser.get(keys)).body.items).toMatchObject([{ id: second }]);
  });

  it('is added and removed only by who has just shown who they are, by password or passkey (P-HTTP-18)', async () => {
    const { id } = (await register()).body;
    house.time.now += 11 * minute;
    for (const refusal of [await browser.post(`${keys}/options`), await browser.json('DELETE', `${keys}/${id}`)]) {
      expect(refusal).toMatchObject({ status: 403, body: { code: 'confirmation_required' } });
    }
    const proof = authenticator.get(await challenge());
    expect((await browser.post('/api/auth/confirm/passkey', proof)).status).toBe(204);
    expect((await browser.post(`${keys}/options`)).status).toBe(200);
    const stranger = house.browser();
    await stranger.post('/api/auth/sign-up/email', grace);
    const borrowed = await stranger.post('/api/auth/confirm/passkey', authenticator.get(await challenge()));
    expect(borrowed).toMatchObject({ status: 403, body: { code: 'passkey_refused' } });
  });

  it('is no business of a bearer’s', async () => {
    const authorization = `Bearer ${(await browser.get('/api/auth/token')).body.token}`;
    expect((await browser.get(keys)).status).toBe(200);
    expect(await browser.get(keys, { authorization })).toMatchObject({
      status: 403,
      body: { code: 'insufficient_scope' },
    });
    expect((await house.browser().get(keys)).status).toBe(401);
  });

  it('is one of at most 20', async () => {
    for (let i = 0; i < 19; i += 1) expect((await register()).status).toBe(201);
    const [early, late] = [await offer(), await offer()];
    expect((await browser.post(keys, authenticator.create(early))).status).toBe(201);
    const refusal = { status: 422, body: { code: 'too_many_passkeys' } };
    expect(await browser.post(keys, authenticator.create(late))).toMatchObject(refusal);
    expect(await browser.post(`${keys}/options`)).toMatchObject(refusal);
  });
});

describe('signing in with a passkey is refused, in one sentence and noted,', () => {
  const attacks: [string, string, Tampering][] = [
    ['from another origin', 'signature', { origin: 'https://house.example.evil.example' }],
    ['from another port', 'signature', { origin: 'http://house.example:8080' }],
    ['inside another site’s frame', 'signature', { crossOrigin: true, topOrigin: 'https://evil.example' }],
    ['with another challenge', 'signature', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['with a registration’s type', 'signature', { type: 'webauthn.create' }],
    ['made for another name', 'signature', { rpId: 'evil.example' }],
    ['when nobody was verified', 'signature', { flags: 1 }],
    ['when nobody was there', 'signature', { flags: 4 }],
    ['signed by another key', 'signature', { key: other }],
    ['for an unknown credential', 'unknown', { id: Buffer.alloc(16).toString('base64url') }],
    ['in another person’s name', 'person', { userHandle: Buffer.from('somebody-else').toString('base64url') }],
    ['in nobody’s name', 'person', { userHandle: undefined }],
  ];
  it.each(attacks)('%s', async (_, reason, tampering) => {
    await register();
    expect((await signIn()).status).toBe(200);
    const refusal = await signIn(tampering);
    expect(refusal).toMatchObject({ status: 403, body: { code: 'passkey_refused' } });
    expect(refusal.body.detail).toBe('This passkey was not accepted. Try again, or sign in another way.');
    expect(refusal.headers.getSetCookie()).toEqual([]);
    const subject = reason === 'unknown' ? null : await adaId();
    expect(await audited('passkey_refused')).toEqual([{ subject, reason }]);
  });

  it.each([
    ['signature', (bytes: Buffer) => bytes.fill(0, 8, 12)],
    ['authenticatorData', (bytes: Buffer) => bytes.fill(29, 32, 33)],
    ['clientDataJSON', (bytes: Buffer) => Buffer.concat([bytes, Buffer.from(' ')])],
  ] as const)('with a changed %s', async (part, change) => {
    await register();
    expect((await signIn()).status).toBe(200);
    const assertion = authenticator.get(await challenge());
    const { response } = assertion.response;
    response[part] = change(Buffer.from(response[part], 'base64url')).toString('base64url');
    expect(await enter(assertion)).toMatchObject({ status: 403, body: { code: 'passkey_refused' } });
  });

  it('when its challenge was used before, also by two at once', async () => {
    await register();
    const assertion = authenticator.get(await challenge());
    const answers = await Promise.all([enter(assertion), enter(assertion)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect((await enter(assertion)).status).toBe(403);
    expect(await audited('passkey_refused')).toEqual([
      { subject: null, reason: 'challenge' },
      { subject: null, reason: 'challenge' },
    ]);
  });

  it('when its challenge is too old, of another kind or made up', async () => {
    await register();
    const late = authenticator.get(await challenge());
    const inTime = authenticator.get(await challenge());
    house.time.now += 5 * minute - 1;
    expect((await enter(inTime)).status).toBe(200);
    house.time.now += 1;
    expect((await enter(late)).status).toBe(403);
    await browser.post('/api/auth/confirm', { password: ada.password });
    const registering = authenticator.get(await offer());
    expect((await enter(registering)).status).toBe(403);
    expect((await enter({ ...inTime, handle: 'A'.repeat(43) })).status).toBe(403);
  });

  it('when its counter goes back or stands still, also in a race, and not when it never counts', async () => {
    authenticator.counter = 7;
    await register();
    expect((await signIn()).status).toBe(200);
    const held = authenticator.counter;
    for (const counter of [held, held - 1, 0]) expect((await signIn({ counter })).status).toBe(403);
    const copies = await Promise.all([signIn({ counter: held + 5 }), signIn({ counter: held + 5 })]);
    expect(copies.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect((await audited('passkey_refused')).map(({ reason }) => reason)).toEqual(Array(4).fill('counter'));
    authenticator = new SoftwareAuthenticator();
    await register();
    for (let i = 0; i < 2; i += 1) expect((await signIn()).status).toBe(200);
  });

  it('when the person is banned', async () => {
    await register();
    expect((await signIn()).status).toBe(200);
    await house.sql(`UPDATE user SET bannedAt = 1`);
    expect(await signIn()).toMatchObject({ status: 403, body: { code: 'banned' } });
  });

  it('when it is not even shaped like one', async () => {
    await register();
    const good = authenticator.get(await challenge());
    const { response } = good;
    for (const bad of [
      {},
      { ...good, handle: 1 },
      { ...good, handle: 'x'.repeat(100) },
      { ...good, response: { ...response, type: 'password' } },
      { ...good, response: { ...response, id: 'not base64url!' } },
      { ...good, response: { ...response, response: { ...response.response, signature: 'A'.repeat(3_000) } } },
    ]) {
      expect((await house.browser().post('/api/auth/passkey', bad)).status).toBe(422);
    }
    expect((await enter(good)).status).toBe(200);
  });
});

describe('adding a passkey is refused', () => {
  const x5c = new Map<string, unknown>([
    ['alg', -7],
    ['sig', new Uint8Array(70)],
    ['x5c', [new Uint8Array(200)]],
  ]);
  const attacks: [string, Tampering][] = [
    ['from another origin', { origin: 'https://evil.example' }],
    ['with another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['with an assertion’s type', { type: 'webauthn.get' }],
    ['made for another name', { rpId: 'evil.example' }],
    ['when nobody was verified', { flags: 65 }],
    ['when nobody was there', { flags: 68 }],
    ['with a certificate that would have to be fetched', { attestation: { fmt: 'packed', attStmt: x5c } }],
    ['with a kind of attestation that nobody asked for', { attestation: { fmt: 'tpm', attStmt: new Map() } }],
  ];
  it.each(attacks)('%s', async (_, tampering) => {
    expect((await register()).status).toBe(201);
    expect(await register(tampering)).toMatchObject({ status: 403, body: { code: 'passkey_refused' } });
    expect((await browser.get(keys)).body.items).toHaveLength(1);
    expect(await audited('passkey_refused')).toEqual([{ subject: await adaId(), reason: 'registration' }]);
  });

  it('when the credential is known, whoever’s it is', async () => {
    const { id } = (await register()).body;
    const stranger = house.browser();
    await stranger.post('/api/auth/sign-up/email', grace);
    for (const who of [browser, stranger]) {
      expect((await register({ id }, who, new SoftwareAuthenticator())).status).toBe(403);
    }
    expect((await signIn()).body.user).toMatchObject({ name: 'Ada' });
  });

  it('in another session than the one that asked, twice, and under an id that is not its own', async () => {
    const elsewhere = house.browser();
    await elsewhere.post('/api/auth/sign-in/email', ada);
    const registration = authenticator.create(await offer());
    expect((await elsewhere.post(keys, registration)).status).toBe(403);
    const again = authenticator.create(await offer());
    expect((await browser.post(keys, again)).status).toBe(201);
    expect((await browser.post(keys, again)).status).toBe(403);
    const renamed = (made: PasskeyRegistration): PasskeyRegistration => {
      const id = Buffer.alloc(16, 1).toString('base64url');
      return { ...made, response: { ...made.response, id, rawId: id } };
    };
    expect((await browser.post(keys, renamed(authenticator.create(await offer())))).status).toBe(403);
  });
});
