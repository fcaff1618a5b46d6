import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';
import type { TestBrowser } from '../../test/test-browser.ts';

const path = '/api/account';
const ada = { name: 'Ada', email: 'ada@private.example', password: 'analytical engine' };

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
const close = (browser: TestBrowser, body: object) => browser.json('DELETE', path, body);

describe('closing one’s account', () => {
  it('ends every login, and makes the browser forget', async () => {
    const answer = await close(desk, { password: ada.password });
    expect(answer).toMatchObject({ status: 204 });
    expect(answer.headers.get('clear-site-data')).toBe('"storage"');
    expect([await isIn(desk), await isIn(phone)]).toEqual([false, false]);
    expect([...desk.cookies.keys()].filter((name) => name.endsWith('session_token'))).toEqual([]);
    expect(await house.db.kysely.selectFrom('user').select('id').execute()).toEqual([]);
    const revoked = await house.db.kysely.selectFrom('revocations').select('reason').execute();
    expect(revoked).toEqual([{ reason: 'account_ended' }, { reason: 'account_ended' }]);
    // The address is free again, and what happened stays known.
    expect((await house.browser().post('/api/auth/sign-up/email', ada)).status).toBe(200);
    const audited = await house.db.kysely.selectFrom('audit').select('kind').execute();
    expect(audited.map(({ kind }) => kind)).toContain('account_closed');
  });

  it('takes the password, or a login of a short time ago', async () => {
    expect((await close(desk, { password: 'a guess' })).body).toMatchObject({ code: 'wrong_credentials' });
    house.time.now += 11 * 60_000;
    expect((await close(desk, {})).body).toMatchObject({ code: 'confirmation_required' });
    expect(await isIn(desk)).toBe(true);
    const tablet = house.browser();
    await tablet.post('/api/auth/sign-in/email', ada);
    expect((await close(tablet, {})).status).toBe(204);
  });

  it('is not for the owner of the house, nor for strangers', async () => {
    await house.sql(`UPDATE user SET role = 'owner'`);
    const refused = await close(desk, { password: ada.password });
    expect(refused).toMatchObject({ status: 409, body: { code: 'owner_cannot_leave' } });
    expect((await house.browser().json('DELETE', path, {})).status).toBe(401);
    await house.sql(`UPDATE user SET role = 'admin'`);
    expect((await close(desk, { password: ada.password })).status).toBe(204);
  });

  it('undoes all of it where a part fails', async () => {
    house.onAccountEnding = async () => {
      throw new Error('a room is in the way');
    };
    expect((await close(desk, { password: ada.password })).status).toBe(500);
    expect([await isIn(desk), await isIn(phone)]).toEqual([true, true]);
  });
});
