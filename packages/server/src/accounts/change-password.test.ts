import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';
import type { TestBrowser } from '../../test/test-browser.ts';

const path = '/api/account/password';
const ada = { name: 'Ada', email: 'ada@private.example', password: 'analytical engine' };
const change = { current: ada.password, password: 'difference engine' };

let house: AccountsHouse;
let desk: TestBrowser;
let phone: TestBrowser;
beforeEach(async () => {
  house = await openAccounts({ signUp: 'open' });
  [desk, phone] = [house.browser(), house.browser()];
  await desk.post('/api/auth/sign-up/email', ada);
  await phone.post('/api/auth/sign-in/email', ada);
});
afterEach(() => house.close());

const isIn = async (browser: TestBrowser) => (await browser.get('/api/account')).status === 200;
const signIn = (password: string) => house.browser().post('/api/auth/sign-in/email', { email: ada.email, password });
const audited = async (kind: string) =>
  await house.db.kysely.selectFrom('audit').selectAll().where('kind', '=', kind).execute();

describe('changing the password', () => {
  it('signs every other device out, and the new one counts from then on', async () => {
    expect((await desk.post(path, change)).status).toBe(204);
    expect([await isIn(desk), await isIn(phone)]).toEqual([true, false]);
    expect((await signIn(ada.password)).status).toBe(401);
    expect((await signIn(change.password)).status).toBe(200);
    const revoked = await house.db.kysely.selectFrom('revocations').select('reason').execute();
    expect(revoked).toEqual([{ reason: 'password_changed' }]);
    expect(await audited('password_changed')).toHaveLength(1);
  });

  it('takes the present password, and says at which field it is wrong', async () => {
    for (const current of [undefined, 'something else']) {
      const answer = await desk.post(path, { ...change, current });
      expect(answer).toMatchObject({ status: 401, body: { code: 'wrong_credentials', field: 'current' } });
    }
    expect((await desk.post(path, { ...change, password: 'short' })).body).toMatchObject({ field: 'password' });
    expect(await isIn(phone)).toBe(true);
    expect((await signIn(change.password)).status).toBe(401);
    expect((await house.browser().post(path, change)).status).toBe(401);
    expect((await desk.post(path, change)).status).toBe(204);
  });

  it('takes the browser that is signed in, and no token of it', async () => {
    const { token } = (await desk.get('/api/auth/token')).body;
    const refused = await desk.post(path, change, { authorization: `Bearer ${token}` });
    expect(refused).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    expect((await desk.post(path, change)).status).toBe(204);
  });

  it('lets nobody try passwords as fast as they like', async () => {
    const codes = [];
    for (let i = 0; i < 12; i += 1) codes.push((await desk.post(path, { ...change, current: 'a guess' })).body.code);
    expect(codes[0]).toBe('wrong_credentials');
    expect(codes.at(-1)).toBe('rate_limited');
    // Those at the door are counted apart, so that a guesser in here locks nobody out.
    expect((await signIn(ada.password)).status).toBe(200);
  });

  it('takes back what would have set another one', async () => {
    const [user] = await house.db.kysely.selectFrom('user').select('id').execute();
    const row = {
      hash: 'x',
      kind: 'password_reset',
      userId: user?.id ?? '',
      data: 'null',
      expiresAt: house.time.now + 1,
    };
    await house.db.kysely.insertInto('oneTimeSecrets').values(row).execute();
    expect((await desk.post(path, change)).status).toBe(204);
    expect(await house.db.kysely.selectFrom('oneTimeSecrets').selectAll().execute()).toEqual([]);
  });

  it('gives a first password only to somebody who has just shown who they are', async () => {
    await house.sql('DELETE FROM passwords');
    house.time.now += 11 * 60_000;
    expect((await desk.post(path, { password: change.password })).body.code).toBe('confirmation_required');
    await house.sql(`UPDATE session SET confirmedAt = ${house.time.now}`);
    expect((await desk.post(path, { password: change.password })).status).toBe(204);
    expect((await signIn(change.password)).status).toBe(200);
  });
});
