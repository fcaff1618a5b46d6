import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';
import type { TestBrowser } from '../../test/test-browser.ts';
import { requireRecent } from './require-recent.ts';

const path = '/api/auth/confirm';
const ada = { name: 'Ada', email: 'ada@private.example', password: 'analytical engine' };
const minute = 60 * 1_000;

let house: AccountsHouse;
let browser: TestBrowser;
beforeEach(async () => {
  house = await openAccounts({ signUp: 'open' });
  browser = house.browser();
  await browser.post('/api/auth/sign-up/email', ada);
});
afterEach(() => house.close());

const isRecent = async (who = browser) => {
  const { sid } = await house.accounts.verifyToken((await who.get('/api/auth/token')).body.token);
  const caller = await house.accounts.findGrant(sid);
  if (caller === undefined) throw new Error('The session has ended.');
  try {
    requireRecent({ clock: { now: () => house.time.now } }, caller);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'confirmation_required', status: 403 });
    return false;
  }
};
const audited = async () => {
  const rows = await house.db.kysely.selectFrom('audit').select(['kind', 'address']).orderBy('number').execute();
  return rows.filter(({ kind }) => kind.startsWith('confirm') || kind.endsWith('confirmed'));
};

describe('a session', () => {
  it('counts as recent for ten minutes after signing in', async () => {
    house.time.now += 10 * minute - 1;
    expect(await isRecent()).toBe(true);
    house.time.now += 1;
    expect(await isRecent()).toBe(false);
  });

  it('does so again after the password, and only itself', async () => {
    const other = house.browser();
    await other.post('/api/auth/sign-in/email', ada);
    house.time.now += 20 * minute;
    expect(await browser.post(path, { password: ada.password })).toMatchObject({ status: 204, text: '' });
    expect(await isRecent()).toBe(true);
    expect(await isRecent(other)).toBe(false);
    expect(await audited()).toEqual([{ kind: 'session_confirmed', address: '192.0.2.1' }]);
  });

  it('does not become recent by use', async () => {
    for (let i = 0; i < 3; i += 1) {
      house.time.now += 4 * minute;
      await browser.get('/api/account');
    }
    expect(await isRecent()).toBe(false);
  });
});

describe('confirming', () => {
  it('is refused with a wrong password, noted, slowed down, and forgiven after the right one', async () => {
    house.time.now += 20 * minute;
    expect((await browser.post(path, { password: ada.password })).status).toBe(204);
    house.time.now += 20 * minute;
    const wrong = await browser.post(path, { password: 'difference engine' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'wrong_credentials', field: 'password' } });
    expect(await isRecent()).toBe(false);
    expect((await audited()).at(-1)).toEqual({ kind: 'confirmation_failed', address: '192.0.2.1' });
    const guess = async () => (await browser.post(path, { password: 'a wrong guess' })).status;
    for (let i = 0; i < 9; i += 1) expect(await guess()).toBe(401);
    expect(await guess()).toBe(429);
    house.time.now += 20 * minute;
    expect((await browser.post(path, { password: ada.password })).status).toBe(204);
  });

  it('is for who is signed in, and counts apart from guesses at the door', async () => {
    expect(await house.browser().post(path, { password: ada.password })).toMatchObject({
      status: 401,
      body: { code: 'not_authenticated' },
    });
    const attacker = house.browser();
    for (let i = 0; i < 12; i += 1) await attacker.post('/api/auth/sign-in/email', { ...ada, password: 'a guess' });
    expect((await browser.post(path, { password: ada.password })).status).toBe(204);
  });

  it('is impossible for somebody without a password', async () => {
    expect((await browser.get('/api/auth/ways')).body).toEqual({ password: true, passkeys: 0, identities: 0 });
    await house.sql('DELETE FROM passwords');
    expect((await browser.get('/api/auth/ways')).body).toEqual({ password: false, passkeys: 0, identities: 0 });
    expect((await browser.post(path, { password: ada.password })).status).toBe(401);
  });
});
