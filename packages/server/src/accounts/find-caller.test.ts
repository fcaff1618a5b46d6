import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';
import type { TestBrowser } from '../../test/test-browser.ts';

let house: AccountsHouse;
let ada: TestBrowser;
beforeEach(async () => {
  house = await openAccounts({ signUp: 'open' });
  ada = house.browser();
  await ada.post('/api/auth/sign-up/email', {
    name: 'Ada',
    email: 'ada@private.example',
    password: 'analytical engine',
  });
});
afterEach(() => house.close());

const bearerOf = async (browser: TestBrowser) => ({
  authorization: `Bearer ${(await browser.get('/api/auth/token')).body.token}`,
});

describe('who makes a request', () => {
  it('is told by the bearer alone where there is one', async () => {
    const grace = house.browser();
    await grace.post('/api/auth/sign-up/email', {
      name: 'Grace',
      email: 'grace@private.example',
      password: 'compilers all day',
    });
    expect((await ada.get('/api/account')).body.name).toBe('Ada');
    expect((await ada.get('/api/account', await bearerOf(grace))).body.name).toBe('Grace');
    for (const authorization of ['Bearer nonsense', 'Basic YTpi', 'Bearer', '']) {
      expect((await ada.get('/api/account', { authorization })).status).toBe(403);
      expect((await ada.post('/api/sockets/tickets', undefined, { authorization })).status).toBe(401);
    }
  });

  it('is nobody once the token has expired, while the cookie still stands', async () => {
    const bearer = await bearerOf(ada);
    expect((await house.browser().get('/api/account', bearer)).status).toBe(200);
    house.time.now += 300_000;
    expect((await house.browser().get('/api/account', bearer)).status).toBe(403);
    expect((await ada.get('/api/account')).status).toBe(200);
  });

  it('has the rights of the live row, whatever the token was minted for', async () => {
    const bearer = await bearerOf(ada);
    await house.db.kysely.updateTable('user').set({ role: 'admin' }).execute();
    expect((await house.browser().get('/api/account', bearer)).body.role).toBe('admin');
  });

  it('is not shown to be there by a token, however young the login is', async () => {
    await house.db.kysely.updateTable('user').set({ role: 'admin' }).execute();
    const guest = { name: 'Grace', email: 'grace@private.example', password: 'compilers all day' };
    const { id } = (await house.browser().post('/api/auth/sign-up/email', guest)).body.user;
    const makeLink = (headers = {}) => ada.post(`/api/people/${id}/reset-link`, undefined, headers);
    expect((await makeLink()).status).toBe(201);
    expect(await makeLink(await bearerOf(ada))).toMatchObject({ status: 403, body: { code: 'confirmation_required' } });
  });

  it('is not forgotten because the storage fails (D8, fault 23)', async () => {
    await house.sql('ALTER TABLE session RENAME TO away');
    const answer = await ada.get('/api/account');
    expect(answer.status).toBe(500);
    expect(answer.body.detail).not.toMatch(/session|SQL/i);
    await house.sql('ALTER TABLE away RENAME TO session');
    expect((await ada.get('/api/account')).status).toBe(200);
  });

  // A second query, one that is built anew, or a library's way to a session would each be as much again.
  it('costs the main thread hardly more than the one query for it', { timeout: 60_000 }, async () => {
    const headers = new Headers({ cookie: [...ada.cookies].map(([name, value]) => `${name}=${value}`).join('; ') });
    const { id } = await house.db.kysely.selectFrom('session').select('id').executeTakeFirstOrThrow();
    const query = house.db.kysely
      .selectFrom('session')
      .innerJoin('user', 'user.id', 'session.userId')
      .select(['session.id', 'expiresAt', 'session.updatedAt', 'confirmedAt', 'userId', 'name', 'email', 'role'])
      .select('session.createdAt')
      .where('session.id', '=', id)
      .compile();
    const measure = async (act: () => Promise<unknown>) => {
      const before = process.threadCpuUsage();
      for (let i = 0; i < 100; i += 1) await act();
      const { user, system } = process.threadCpuUsage(before);
      return user + system;
    };
    // In turns, and the least of each: whatever the machine does besides, some turns are undisturbed.
    let [bare, whole] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let turn = 0; turn < 60; turn += 1) {
      bare = Math.min(bare, await measure(() => house.db.read(query, [id])));
      whole = Math.min(whole, await measure(() => house.accounts.findCaller(headers)));
    }
    expect(whole / bare).toBeLessThan(1.9);
  });
});

describe('the account', () => {
  it('is shown to its owner, and to nobody else (D1, fault 3)', async () => {
    expect(await ada.get('/api/account')).toMatchObject({ status: 200, body: { email: 'ada@private.example' } });
    const answer = await house.browser().get('/api/account');
    expect(answer).toMatchObject({ status: 403, body: { code: 'anonymous' } });
    expect(answer.text).not.toContain('ada');
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('can be renamed, and tells so', async () => {
    const told: unknown[] = [];
    house.onRename = (person) => void told.push(person);
    const { body } = await ada.json('PATCH', '/api/account', { name: ' Ada Lovelace ' });
    expect(body).toMatchObject({ name: 'Ada Lovelace', email: 'ada@private.example' });
    expect((await ada.get('/api/account')).body).toEqual(body);
    expect(told).toEqual([{ id: body.id, name: 'Ada Lovelace' }]);
    expect((await ada.json('PATCH', '/api/account', { name: '' })).body).toMatchObject({ field: 'name' });
    expect((await house.browser().json('PATCH', '/api/account', { name: 'X' })).status).toBe(403);
  });
});
