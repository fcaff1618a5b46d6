import type { Session } from '@parlour/protocol/sessions';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';
import type { TestBrowser } from '../../test/test-browser.ts';

const path = '/api/account/sessions';
const ada = { name: 'Ada', email: 'ada@private.example', password: 'analytical engine' };
const grace = { name: 'Grace', email: 'grace@private.example', password: 'nanoseconds of wire' };
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0';
const minute = 60_000;

let house: AccountsHouse;
let desk: TestBrowser;
let phone: TestBrowser;
beforeEach(async () => {
  house = await openAccounts({ signUp: 'open' });
  desk = house.browser({ 'user-agent': firefox });
  await desk.post('/api/auth/sign-up/email', ada);
  house.time.now += minute;
  phone = house.browser();
  await phone.post('/api/auth/sign-in/email', ada);
});
afterEach(() => house.close());

const list = async (browser: TestBrowser): Promise<Session[]> => (await browser.get(path)).body.items;
const isIn = async (browser: TestBrowser) => (await browser.get('/api/account')).status === 200;
const reasons = async () =>
  (await house.db.kysely.selectFrom('revocations').select('reason').execute()).map(({ reason }) => reason);

describe('the list of one’s devices', () => {
  it('has every login of the person, newest first, with this one marked (A9, P-HTTP-14)', async () => {
    expect(await list(desk)).toMatchObject([
      { browser: 'Unknown browser', system: 'unknown system', method: 'password', current: false },
      { browser: 'Firefox', system: 'Windows', method: 'sign_up', current: true, address: '192.0.2.1' },
    ]);
    expect((await list(phone)).map(({ current }) => current)).toEqual([true, false]);
  });

  it('shows nobody else’s, nothing that is a login, and nothing to strangers (A9, fault 3)', async () => {
    const stranger = house.browser();
    expect((await stranger.get(path)).status).toBe(401);
    await stranger.post('/api/auth/sign-up/email', grace);
    expect(await list(stranger)).toHaveLength(1);
    const { text } = await desk.get(path);
    for (const token of [...desk.cookies.values(), ...phone.cookies.values()]) expect(text).not.toContain(token);
    const hashes = await house.db.kysely.selectFrom('session').select('tokenHash').execute();
    for (const { tokenHash } of hashes) expect(text).not.toContain(tokenHash);
  });

  it('knows to some minutes when a device was last used (A9)', async () => {
    const seen = async () => (await list(desk)).find(({ current }) => !current)?.lastSeenAt;
    const before = await seen();
    house.time.now += 4 * minute;
    await phone.get('/api/account');
    await house.settle();
    expect(await seen()).toBe(before);
    house.time.now += 2 * minute;
    await phone.get('/api/account');
    await house.settle();
    expect(await seen()).toBe(house.nowText());
  });

  it('comes in pages', async () => {
    const first = (await desk.get(`${path}?limit=1`)).body;
    expect(first.items).toHaveLength(1);
    const second = (await desk.get(`${path}?limit=1&cursor=${first.next}`)).body;
    expect(second).toMatchObject({ items: [{ current: true }], next: null });
    expect((await desk.get(`${path}?cursor=nonsense`)).body.code).toBe('invalid_field');
  });
});

describe('ending logins from there', () => {
  it('ends the one that was chosen, and only that (A9, P-HTTP-14)', async () => {
    const [chosen] = await list(desk);
    const tablet = house.browser();
    await tablet.post('/api/auth/sign-in/email', ada);
    expect((await desk.json('DELETE', `${path}/${chosen?.id}`)).status).toBe(204);
    expect([await isIn(phone), await isIn(tablet), await isIn(desk)]).toEqual([false, true, true]);
    expect(await reasons()).toEqual(['signed_out_elsewhere']);
    expect((await desk.json('DELETE', `${path}/${chosen?.id}`)).body.code).toBe('session_not_found');
  });

  it('ends this one as signing out does', async () => {
    const own = (await list(desk)).find(({ current }) => current);
    const answer = await desk.json('DELETE', `${path}/${own?.id}`);
    expect(answer.headers.get('clear-site-data')).toBe('"storage"');
    expect([await isIn(desk), await isIn(phone)]).toEqual([false, true]);
    expect([...desk.cookies.keys()].filter((name) => name.endsWith('session_token'))).toEqual([]);
    expect(await reasons()).toEqual(['signed_out']);
  });

  it('does not find somebody else’s (A9)', async () => {
    const [chosen] = await list(desk);
    const stranger = house.browser();
    await stranger.post('/api/auth/sign-up/email', grace);
    const answer = await stranger.json('DELETE', `${path}/${chosen?.id}`);
    expect(answer).toMatchObject({ status: 404, body: { code: 'session_not_found' } });
    expect(await isIn(phone)).toBe(true);
  });

  it('ends all others at once, of this person only (A9)', async () => {
    const stranger = house.browser();
    await stranger.post('/api/auth/sign-up/email', grace);
    expect((await desk.json('DELETE', path)).status).toBe(204);
    expect([await isIn(phone), await isIn(stranger), await isIn(desk)]).toEqual([false, true, true]);
    expect(await reasons()).toEqual(['signed_out_everywhere']);
  });
});
