import { TOTP, URI } from 'otpauth';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';
import type { TestBrowser } from '../../test/test-browser.ts';

const own = '/api/account/second-factor';
const step = '/api/auth/sign-in/second-factor';
const ada = { name: 'Ada', email: 'ada@private.example', password: 'analytical engine' };
const grace = { name: 'Grace', email: 'grace@private.example', password: 'compiler of words' };
const minute = 60 * 1_000;

let house: AccountsHouse;
let browser: TestBrowser;
beforeEach(async () => {
  house = await openAccounts({ signUp: 'open' });
  browser = house.browser();
  await browser.post('/api/auth/sign-up/email', ada);
});
afterEach(() => house.close());

type App = { next(): string; codes: string[] };
/** The app on the phone: always a code that was not used before. */
async function turnOn(who = browser): Promise<App> {
  const { uri } = (await who.post(own)).body;
  const totp = URI.parse(uri) as TOTP;
  const now = () => totp.generate({ timestamp: house.time.now });
  const { body } = await who.post(`${own}/confirm`, { code: now() });
  return {
    codes: body.recoveryCodes,
    next: () => {
      house.time.now += 30_000;
      return now();
    },
  };
}
/** A browser that has given the right password. */
async function begin(person = ada): Promise<TestBrowser> {
  const visitor = house.browser();
  expect((await visitor.post('/api/auth/sign-in/email', person)).body).toEqual({ secondFactor: true });
  return visitor;
}
const isIn = async (who: TestBrowser) => (await who.get('/api/account')).status === 200;
const enter = (who: TestBrowser, code: string) => who.post(step, { code });
const refused = { status: 403, body: { code: 'code_refused', field: 'code' } };
const expired = { status: 403, body: { code: 'second_factor_expired' } };
const audited = async (kind: string) => {
  return await house.db.kysely.selectFrom('audit').select(['kind', 'subject']).where('kind', '=', kind).execute();
};
const wrongFor = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

describe('two-step sign-in', () => {
  it('counts only once a code of the app was shown', async () => {
    const { secret, uri } = (await browser.post(own)).body;
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(uri).toMatch(/^otpauth:\/\/totp\/Parlour:ada%40private\.example\?/);
    expect((await browser.get(own)).body).toEqual({ on: false, since: null, recoveryCodesLeft: 0 });
    const visitor = house.browser();
    expect((await visitor.post('/api/auth/sign-in/email', ada)).body).toMatchObject({ user: { name: 'Ada' } });
    const code = new TOTP({ secret }).generate({ timestamp: house.time.now });
    expect(await browser.post(`${own}/confirm`, { code: wrongFor(code) })).toMatchObject(refused);
    expect((await browser.get(own)).body.on).toBe(false);
    const { recoveryCodes } = (await browser.post(`${own}/confirm`, { code })).body;
    expect(new Set(recoveryCodes).size).toBe(10);
    for (const each of recoveryCodes) expect(each).toMatch(/^[A-Z0-9]{4}(-[A-Z0-9]{4}){3}$/);
    expect((await browser.get(own)).body).toEqual({ on: true, since: house.nowText(), recoveryCodesLeft: 10 });
    expect(await begin()).toBeDefined();
    expect(await audited('second_factor_on')).toHaveLength(1);
    expect(await browser.post(own)).toMatchObject({ status: 409, body: { code: 'second_factor_exists' } });
    expect((await browser.post(`${own}/confirm`, { code })).status).toBe(409);
  });

  it('opens no session before the code, and ends the one that this browser held only then (P-HTTP-19, D4)', async () => {
    const app = await turnOn();
    const before = await house.accounts.verifyToken((await browser.get('/api/auth/token')).body.token);
    const answer = await browser.post('/api/auth/sign-in/email', ada);
    expect(answer).toMatchObject({ status: 200, body: { secondFactor: true } });
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^parlour\.second_step=[\w-]{43}; Max-Age=300; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    expect(await house.accounts.findGrant(before.sid)).toBeDefined();
    const login = await enter(browser, app.next());
    expect(login).toMatchObject({ status: 200, body: { user: { name: 'Ada', email: ada.email } } });
    for (const token of browser.cookies.values()) expect(login.text).not.toContain(token);
    expect([...browser.cookies.keys()].filter((name) => name.includes('second_step'))).toEqual([]);
    expect(await isIn(browser)).toBe(true);
    expect(await house.accounts.findGrant(before.sid)).toBeUndefined();
  });

  it('takes a code that is a step early or late, and none that is two', async () => {
    const { uri } = (await browser.post(own)).body;
    const totp = URI.parse(uri) as TOTP;
    const at = (steps: number) => totp.generate({ timestamp: house.time.now + steps * 30_000 });
    expect((await browser.post(`${own}/confirm`, { code: at(0) })).status).toBe(200);
    house.time.now += 10 * minute;
    for (const steps of [-2, 2]) expect(await enter(await begin(), at(steps))).toMatchObject(refused);
    for (const steps of [-1, 0, 1]) expect((await enter(await begin(), at(steps))).status).toBe(200);
    expect(await enter(await begin(), at(0))).toMatchObject(refused);
  });

  it('takes each code once, also of two at the same time', async () => {
    const app = await turnOn();
    const code = app.next();
    const answers = await Promise.all([enter(await begin(), code), enter(await begin(), code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect(await enter(await begin(), code)).toMatchObject(refused);
  });

  it('takes each recovery code once, however it is typed, also of two at the same time', async () => {
    const { codes } = await turnOn();
    const [first = '', second = ''] = codes;
    expect((await enter(await begin(), first.toLowerCase().replaceAll('-', ' '))).status).toBe(200);
    expect(await enter(await begin(), first)).toMatchObject(refused);
    const answers = await Promise.all([enter(await begin(), second), enter(await begin(), second)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect((await browser.get(own)).body.recoveryCodesLeft).toBe(8);
    expect(await audited('recovery_code_used')).toHaveLength(2);
  });

  it('makes one login of one first step', async () => {
    const app = await turnOn();
    const visitor = await begin();
    const copy = house.browser();
    for (const [name, value] of visitor.cookies) copy.cookies.set(name, value);
    const answers = await Promise.all([enter(visitor, app.next()), enter(copy, app.codes[0] ?? '')]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await enter(copy, app.next())).toMatchObject(expired);
  });

  it('is over after five wrong codes or five minutes: the password is due again (P-HTTP-19)', async () => {
    const app = await turnOn();
    const visitor = await begin();
    for (let i = 0; i < 5; i += 1) expect(await enter(visitor, 'not a code')).toMatchObject(refused);
    house.time.now += 2 * minute;
    expect(await enter(visitor, app.next())).toMatchObject(expired);
    expect(await audited('second_factor_failed')).toHaveLength(5);
    const late = await begin();
    house.time.now += 5 * minute;
    expect(await enter(late, app.next())).toMatchObject(expired);
    expect((await enter(await begin(), app.next())).status).toBe(200);
  });

  it('counts tries that come at once', async () => {
    const app = await turnOn();
    const visitor = await begin();
    const answers = await Promise.all(Array.from({ length: 9 }, () => enter(visitor, '000000')));
    const codes = answers.map(({ body }) => body.code);
    expect(codes.filter((code) => code === 'code_refused').length).toBeLessThanOrEqual(5);
    house.time.now += minute;
    expect((await enter(visitor, app.next())).status).not.toBe(200);
  });

  it('slows a stranger with the password down, and not the owner where they signed in before', async () => {
    const app = await turnOn();
    const isLimited = async () => {
      const stranger = await begin();
      const { status } = await stranger.post(step, { code: 'not a code' });
      return status === 429;
    };
    let attempts = 0;
    while (!(await isLimited())) {
      attempts += 1;
      expect(attempts).toBeLessThan(30);
    }
    await browser.post('/api/auth/sign-in/email', ada);
    expect((await enter(browser, app.next())).status).toBe(200);
  });

  it('wants the browser that gave the password', async () => {
    const app = await turnOn();
    await begin();
    const stranger = house.browser();
    expect(await enter(stranger, app.next())).toMatchObject(expired);
    stranger.cookies.set('parlour.second_step', 'A'.repeat(43));
    expect(await enter(stranger, app.next())).toMatchObject(expired);
    expect((await enter(await begin(), app.next())).status).toBe(200);
  });

  it('knows codes of one person only', async () => {
    const app = await turnOn();
    const other = house.browser();
    await other.post('/api/auth/sign-up/email', grace);
    const theirs = await turnOn(other);
    house.time.now += minute;
    const visitor = await begin();
    for (const code of [theirs.next(), theirs.codes[0] ?? ''])
      expect(await enter(visitor, code)).toMatchObject(refused);
    expect((await enter(visitor, app.next())).status).toBe(200);
  });

  it('keeps a banned person out', async () => {
    const app = await turnOn();
    expect((await enter(await begin(), app.next())).status).toBe(200);
    const visitor = await begin();
    await house.sql('UPDATE user SET bannedAt = 1');
    expect(await enter(visitor, app.next())).toMatchObject(expired);
    expect(await enter(await begin(), app.next())).toMatchObject({ status: 403, body: { code: 'banned' } });
  });

  it('keeps no secret and no code that could be read, and nothing sealed for another', async () => {
    const { secret } = (await browser.post(own)).body;
    const code = new TOTP({ secret }).generate({ timestamp: house.time.now });
    const { recoveryCodes } = (await browser.post(`${own}/confirm`, { code })).body;
    const rows = [
      await house.db.kysely.selectFrom('secondFactors').selectAll().execute(),
      await house.db.kysely.selectFrom('recoveryCodes').selectAll().execute(),
      await house.db.kysely.selectFrom('audit').selectAll().execute(),
    ];
    for (const text of [secret, ...recoveryCodes]) expect(JSON.stringify(rows)).not.toContain(text);
    const other = house.browser();
    await other.post('/api/auth/sign-up/email', grace);
    await turnOn(other);
    const adaId = (await browser.get('/api/account')).body.id;
    await house.sql(`UPDATE secondFactors SET secret = (SELECT secret FROM secondFactors WHERE userId = '${adaId}')`);
    house.time.now += minute;
    const fresh = () => new TOTP({ secret }).generate({ timestamp: house.time.now });
    expect((await enter(await begin(ada), fresh())).status).toBe(200);
    expect((await enter(await begin(grace), fresh())).status).toBe(500);
  });
});

describe('changing it', () => {
  it('takes somebody who has just shown who they are', async () => {
    house.time.now += 11 * minute;
    const required = { status: 403, body: { code: 'confirmation_required' } };
    expect(await browser.post(own)).toMatchObject(required);
    expect(await browser.post(`${own}/confirm`, { code: '000000' })).toMatchObject(required);
    await browser.post('/api/auth/confirm', { password: ada.password });
    const app = await turnOn();
    house.time.now += 11 * minute;
    expect(await browser.post(`${own}/recovery-codes`, { code: app.next() })).toMatchObject(required);
    expect(await browser.json('DELETE', own, { code: app.next() })).toMatchObject(required);
    await browser.post('/api/auth/confirm', { password: ada.password });
    expect((await browser.json('DELETE', own, { code: app.next() })).status).toBe(204);
  });

  it('takes a code as well, to be turned off', async () => {
    const app = await turnOn();
    expect(await browser.json('DELETE', own, { code: wrongFor(app.next()) })).toMatchObject(refused);
    expect((await browser.get(own)).body.on).toBe(true);
    expect((await browser.json('DELETE', own, { code: app.next() })).status).toBe(204);
    expect((await browser.get(own)).body).toEqual({ on: false, since: null, recoveryCodesLeft: 0 });
    expect((await house.browser().post('/api/auth/sign-in/email', ada)).body).toMatchObject({ user: { name: 'Ada' } });
    expect(await browser.json('DELETE', own, { code: app.next() })).toMatchObject(refused);
    expect(await audited('second_factor_off')).toHaveLength(1);
  });

  it('takes a recovery code in the app’s place', async () => {
    const { codes } = await turnOn();
    expect((await browser.json('DELETE', own, { code: codes[3] })).status).toBe(204);
  });

  it('makes new recovery codes, and the old ones worthless', async () => {
    const app = await turnOn();
    const [old = ''] = app.codes;
    expect(await browser.post(`${own}/recovery-codes`, { code: wrongFor(app.next()) })).toMatchObject(refused);
    const { recoveryCodes } = (await browser.post(`${own}/recovery-codes`, { code: app.next() })).body;
    expect(recoveryCodes).toHaveLength(10);
    expect(await enter(await begin(), old)).toMatchObject(refused);
    expect((await enter(await begin(), recoveryCodes[0])).status).toBe(200);
    expect(await audited('recovery_codes_made')).toHaveLength(1);
  });

  it('is no business of a bearer’s', async () => {
    const authorization = `Bearer ${(await browser.get('/api/auth/token')).body.token}`;
    expect((await browser.get(own)).status).toBe(200);
    expect(await browser.get(own, { authorization })).toMatchObject({ body: { code: 'insufficient_scope' } });
    expect(await browser.post(own, undefined, { authorization })).toMatchObject({ status: 403 });
    expect((await house.browser().get(own)).status).toBe(401);
  });
});
