import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';
import type { TestBrowser } from '../../test/test-browser.ts';

const path = '/api/account/access-tokens';
const day = 24 * 60 * 60 * 1_000;

let house: AccountsHouse;
let ada: TestBrowser;
let id: string;
let bearer: { authorization: string };
beforeEach(async () => {
  house = await openAccounts({ signUp: 'open' });
  ada = house.browser();
  const details = { name: 'Ada', email: 'ada@private.example', password: 'analytical engine' };
  await ada.post('/api/auth/sign-up/email', details);
  const made = (await ada.post(path, { name: 'Bot', scope: 'write', expiresIn: 2 * 24 * 60 * 60 })).body;
  id = made.id;
  bearer = { authorization: `Bearer ${made.token}` };
});
afterEach(() => house.close());

const token = () => house.browser().get('/api/auth/token', bearer);
const find = (headers: Record<string, string>) => house.accounts.findCaller(new Headers(headers));

describe('a bearer that is an access token', () => {
  it('is its person, within its scope', async () => {
    const account = (await ada.get('/api/account')).body;
    expect(await find(bearer)).toEqual({
      grantId: id,
      scope: 'write',
      user: { id: account.id, name: 'Ada' },
      role: 'member',
      email: account.email,
      createdAt: account.createdAt,
      confirmedAt: 0,
      expiresAt: house.time.now + 2 * day,
      endsAt: house.time.now + 2 * day,
    });
  });

  it('has what its person is in the house with the scope admin alone, and as it is now', async () => {
    const admin = (await ada.post(path, { name: 'Bot', scope: 'admin' })).body.token;
    const roles = async () =>
      [await find(bearer), await find({ authorization: `Bearer ${admin}` })].map((c) => c?.role);
    expect(await roles()).toEqual(['member', 'member']);
    await house.db.kysely.updateTable('user').set({ role: 'admin' }).execute();
    expect(await roles()).toEqual(['member', 'admin']);
  });

  it('is nobody when it is not known, cut short or of another form', async () => {
    const { authorization } = bearer;
    expect(await find(bearer)).toBeDefined();
    for (const other of [
      `${authorization}A`,
      authorization.slice(0, -1),
      authorization.replace('parlour_pat_', ''),
      `Bearer ${id}`,
      'Bearer parlour_pat_',
      `Bearer parlour_pat_${'A'.repeat(43)}`,
      authorization.replace('Bearer', 'Basic'),
    ]) {
      expect([other, await find({ authorization: other })]).toEqual([other, undefined]);
    }
  });

  it('mints tokens that name it, and never outlive it', async () => {
    const { status, body } = await token();
    expect(status).toBe(200);
    expect(decodeJwt(body.token)).toMatchObject({ sid: id, exp: house.time.now / 1_000 + 300 });
    house.time.now += 2 * day - 100_000;
    const last = decodeJwt((await token()).body.token);
    expect(last.exp).toBe(house.time.now / 1_000 + 100);
    house.time.now += 100_000;
    expect((await token()).status).toBe(401);
    expect(await house.accounts.findGrant(id)).toBeUndefined();
  });

  it('ends with its row, and with it the tokens that hang on it', async () => {
    const jwt = { authorization: `Bearer ${(await token()).body.token}` };
    expect((await find(jwt))?.grantId).toBe(id);
    expect(await house.accounts.findGrant(id)).toBeDefined();
    await ada.json('DELETE', `${path}/${id}`);
    for (const headers of [bearer, jwt]) expect(await find(headers)).toBeUndefined();
    expect(await house.accounts.findGrant(id)).toBeUndefined();
  });

  it('stays when the session that made it ends', async () => {
    await ada.post('/api/auth/sign-out', {});
    expect((await find(bearer))?.grantId).toBe(id);
  });

  it('gets tickets that are bound to it', async () => {
    const { ticket } = (await house.browser().post('/api/sockets/tickets', undefined, bearer)).body;
    expect(await house.accounts.useTicket(ticket)).toEqual({ grantId: id, userId: expect.any(String) });
  });

  it('is not refused because storage fails', async () => {
    await house.sql('ALTER TABLE accessTokens RENAME TO away');
    expect((await token()).status).toBe(500);
    await house.sql('ALTER TABLE away RENAME TO accessTokens');
    expect((await token()).status).toBe(200);
  });
});

describe('the last use', () => {
  const lastUsedAt = async () => {
    await house.settle();
    return (await ada.get(path)).body.items[0].lastUsedAt;
  };

  it('is noted, at most every five minutes, by the token and by what hangs on it', async () => {
    expect(await lastUsedAt()).toBeNull();
    const jwt = { authorization: `Bearer ${(await token()).body.token}` };
    const first = house.nowText();
    expect(await lastUsedAt()).toBe(first);
    house.time.now += 299_999;
    await find(jwt);
    expect(await lastUsedAt()).toBe(first);
    house.time.now += 1;
    await find(bearer);
    expect(await lastUsedAt()).toBe(house.nowText());
  });
});

describe('expired tokens', () => {
  it('are not listed, and are ended by the purge with a reason', async () => {
    const kept = (await ada.post(path, { name: 'Kept', expiresIn: 3 * 24 * 60 * 60 })).body.id;
    house.time.now += 2 * day;
    const ids = (await ada.get(path)).body.items.map((item: { id: string }) => item.id);
    expect(ids).toEqual([kept]);
    await house.accessTokens.purge();
    const rows = await house.db.kysely.selectFrom('accessTokens').select('id').execute();
    expect(rows).toEqual([{ id: kept }]);
    const ended = await house.db.kysely.selectFrom('revocations').select(['grantId', 'reason']).execute();
    expect(ended).toEqual([{ grantId: id, reason: 'expired' }]);
  });
});
