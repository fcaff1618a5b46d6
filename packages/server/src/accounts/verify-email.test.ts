import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkIn, MailBox, secretIn } from '../../test/mail-box.ts';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';
import type { TestBrowser } from '../../test/test-browser.ts';
import { readConfig } from '../config.ts';

const ada = { name: 'Ada', email: 'ada@private.example', password: 'analytical engine' };
const grace = { name: 'Grace', email: 'grace@private.example', password: 'difference engine' };
const other = 'countess@private.example';
const hour = 60 * 60 * 1_000;

let box: MailBox;
let house: AccountsHouse;
let browser: TestBrowser;
beforeEach(async () => {
  box = await MailBox.open();
  house = await openAccounts({ signUp: 'open', name: 'Lantern Street', mail: readConfig(box.environment).mail });
  browser = house.browser();
  await browser.post('/api/auth/sign-up/email', ada);
});
afterEach(async () => {
  await house.close();
  await box.stop();
});

const verify = (secret: string, by = browser) => by.post('/api/auth/verify-email', { secret });
const state = async () => (await browser.get('/api/account/email')).body;
const change = (email: string, password: string | undefined = ada.password) =>
  browser.post('/api/account/email', { email, password });
const invalid = { status: 410, body: { code: 'link_invalid' } };

describe('confirming the address', () => {
  it('is asked for by mail at the sign-up, and waits for nothing (D9)', async () => {
    const mail = await box.next(ada.email);
    expect(linkIn(mail)).toMatch(/^http:\/\/house\.example\/verify#[\w-]{43}$/);
    expect(await state()).toEqual({ email: ada.email, verified: false, pending: null });
    expect((await browser.get('/api/account')).status).toBe(200);
    expect(await verify(secretIn(mail))).toMatchObject({ status: 200, body: { email: ada.email } });
    expect(await state()).toEqual({ email: ada.email, verified: true, pending: null });
    expect(await verify(secretIn(mail))).toMatchObject(invalid);
  });

  it('is for the account’s own login, so that nobody proves an address for a stranger', async () => {
    const secret = secretIn(await box.next(ada.email));
    const other = house.browser();
    await other.post('/api/auth/sign-up/email', grace);
    expect(await verify(secret, house.browser())).toMatchObject({ status: 401, body: { code: 'not_authenticated' } });
    expect(await verify(secret, other)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await state()).toMatchObject({ verified: false });
    expect((await verify(secret)).status).toBe(200);
  });

  it('works for a day, and by the last link only', async () => {
    const first = secretIn(await box.next(ada.email));
    expect((await browser.post('/api/account/email/confirmation')).status).toBe(202);
    const second = secretIn(await box.next(ada.email));
    expect(await verify(first)).toMatchObject(invalid);
    house.time.now += 24 * hour;
    expect(await verify(second)).toMatchObject(invalid);
    expect((await browser.post('/api/account/email/confirmation')).status).toBe(202);
    const third = secretIn(await box.next(ada.email));
    house.time.now += 24 * hour - 1;
    expect((await verify(third)).status).toBe(200);
  });

  it('sends one person only so many mails', async () => {
    for (let i = 0; i < 20; i += 1) {
      expect((await browser.post('/api/account/email/confirmation')).status).toBe(202);
    }
    expect(await browser.post('/api/account/email/confirmation')).toMatchObject({ status: 429 });
  });

  it('is for the signed-in to ask, and for houses that send mail', async () => {
    expect((await house.browser().post('/api/account/email/confirmation')).status).toBe(401);
    const silent = await openAccounts({ signUp: 'open' });
    const person = silent.browser();
    expect((await person.post('/api/auth/sign-up/email', ada)).status).toBe(200);
    expect(await person.post('/api/account/email/confirmation')).toMatchObject({ body: { code: 'mail_off' } });
    await silent.close();
  });
});

describe('changing the address', () => {
  beforeEach(async () => void (await box.next(ada.email)));

  it('counts once it is confirmed, and the old one hears of both', async () => {
    expect(await change(other)).toMatchObject({
      status: 200,
      body: { email: ada.email, verified: false, pending: other },
    });
    const secret = secretIn(await box.next(other));
    expect((await box.next(ada.email)).subject).toContain('Another address');
    const signIn = (email: string) => house.browser().post('/api/auth/sign-in/email', { ...ada, email });
    expect((await signIn(other)).status).toBe(401);
    expect((await signIn(ada.email)).status).toBe(200);
    expect((await verify(secret)).body).toEqual({ email: other });
    expect((await box.next(ada.email)).subject).toContain('has another address');
    expect(await state()).toEqual({ email: other, verified: true, pending: null });
    expect((await signIn(other)).status).toBe(200);
    expect((await signIn(ada.email)).status).toBe(401);
  });

  it('tells the taken address alone that it is taken', async () => {
    await house.browser().post('/api/auth/sign-up/email', grace);
    await box.next(grace.email);
    const free = await change(other);
    const taken = await change(grace.email);
    expect(taken).toEqual({
      ...free,
      headers: expect.anything(),
      body: { ...free.body, pending: grace.email },
      text: expect.anything(),
    });
    const mail = await box.next(grace.email);
    expect(mail.subject).toContain('have an account');
    expect(mail.text).not.toContain('#');
    expect((await browser.post('/api/account/email/confirmation')).status).toBe(202);
    expect((await box.next(grace.email)).text).not.toContain('#');
  });

  it('does not take an address from whoever signed up with it meanwhile', async () => {
    await change(grace.email);
    const secret = secretIn(await box.next(grace.email));
    await house.browser().post('/api/auth/sign-up/email', grace);
    expect(await verify(secret)).toMatchObject(invalid);
    expect(await state()).toMatchObject({ email: ada.email });
  });

  it('is for whoever knows the password, or has just shown who they are', async () => {
    expect((await change(other)).status).toBe(200);
    expect(await change(other, 'a wrong guess')).toMatchObject({ status: 401, body: { field: 'password' } });
    const bare = () => browser.post('/api/account/email', { email: other });
    expect((await bare()).status).toBe(200);
    house.time.now += hour;
    expect(await bare()).toMatchObject({ status: 403, body: { code: 'confirmation_required' } });
  });

  it('takes the browser that is signed in, and no token of it', async () => {
    const authorization = `Bearer ${(await browser.get('/api/auth/token')).body.token}`;
    const byToken = await browser.post('/api/account/email', { email: other }, { authorization });
    expect(byToken).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    expect((await browser.post('/api/account/email', { email: other })).status).toBe(200);
  });

  it('makes links to the old address void', async () => {
    await house.browser().post('/api/auth/reset/request', { email: ada.email });
    const reset = secretIn(await box.next(ada.email));
    await change(other);
    await verify(secretIn(await box.next(other)));
    const answer = await house.browser().post('/api/auth/reset', { secret: reset, password: 'a new pass phrase' });
    expect(answer).toMatchObject(invalid);
  });

  it('is taken back by a change of the password', async () => {
    await change(other);
    const secret = secretIn(await box.next(other));
    const passwords = { current: ada.password, password: 'a new pass phrase' };
    expect((await browser.post('/api/account/password', passwords)).status).toBe(204);
    expect(await verify(secret)).toMatchObject(invalid);
  });

  it('counts at once where the house sends no mail, and then says what is taken', async () => {
    const silent = await openAccounts({ signUp: 'open' });
    const person = silent.browser();
    await person.post('/api/auth/sign-up/email', ada);
    await silent.browser().post('/api/auth/sign-up/email', grace);
    const path = '/api/account/email';
    expect((await person.post(path, { email: other })).body).toEqual({ email: other, verified: false, pending: null });
    expect(await person.post(path, { email: grace.email })).toMatchObject({
      status: 409,
      body: { code: 'email_taken' },
    });
    await silent.close();
  });
});
