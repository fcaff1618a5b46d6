import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';
import type { TestBrowser } from '../../test/test-browser.ts';
import type { Caller } from './caller.ts';
import { MemoryTickets } from './memory-tickets.ts';

const path = '/api/sockets/tickets';

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

const sessionOf = async (browser: TestBrowser) => {
  const { body } = await browser.get('/api/auth/token');
  return await house.accounts.verifyToken(body.token);
};

describe('a ticket', () => {
  it('opens one socket once, for its grant and person (B1, fault 11, fault 12)', async () => {
    const answer = await ada.post(path);
    expect(answer.status).toBe(201);
    const { ticket, expiresAt } = answer.body;
    expect(ticket).toMatch(/^[\w-]{43}$/);
    expect(expiresAt).toBe(new Date(house.time.now + 30_000).toISOString());
    const { sub, sid } = await sessionOf(ada);
    expect(await house.accounts.useTicket(ticket)).toEqual({ userId: sub, grantId: sid });
    expect(await house.accounts.useTicket(ticket)).toBeUndefined();
  });

  it('has one winner when many race with it (fault 12)', async () => {
    const { ticket } = (await ada.post(path)).body;
    const uses = await Promise.all(Array.from({ length: 20 }, () => house.accounts.useTicket(ticket)));
    expect(uses.filter((holder) => holder !== undefined)).toHaveLength(1);
  });

  it('is worth nothing once its time is over, and not before (B1)', async () => {
    const [first, second] = [(await ada.post(path)).body, (await ada.post(path)).body];
    house.time.now += 29_999;
    expect(await house.accounts.useTicket(first.ticket)).toBeDefined();
    house.time.now += 1;
    expect(await house.accounts.useTicket(second.ticket)).toBeUndefined();
  });

  it('is never a second one’s, however many are given, and the oldest go in a flood (I9)', async () => {
    let now = 0;
    const tickets = new MemoryTickets({ clock: { now: () => now }, ttl: 30 });
    const holder = { user: { id: 'ada', name: 'Ada' }, grantId: 'a', expiresAt: 90_000 } as Caller;
    const first = await tickets.issue(holder);
    const second = await tickets.issue(holder);
    for (let i = 0; i < 99_999; i += 1) await tickets.issue(holder);
    expect(await tickets.use(first.ticket)).toBeUndefined();
    expect(await tickets.use(second.ticket)).toEqual({ userId: 'ada', grantId: 'a' });
    const last = await tickets.issue(holder);
    now = 29_999;
    await tickets.purge();
    expect(await tickets.use(last.ticket)).toBeDefined();
  });

  it('is made by POST only and for somebody only (fault 12)', async () => {
    expect(await ada.get(path)).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
    expect(await house.browser().post(path)).toMatchObject({ status: 401, body: { code: 'not_authenticated' } });
    for (const guess of ['', 'x', 'A'.repeat(43)]) expect(await house.accounts.useTicket(guess)).toBeUndefined();
  });

  it('can be had with a bearer as well, on the same grant', async () => {
    const { token } = (await ada.get('/api/auth/token')).body;
    const answer = await house.browser().post(path, undefined, { authorization: `Bearer ${token}` });
    expect(await house.accounts.useTicket(answer.body.ticket)).toMatchObject({ grantId: (await sessionOf(ada)).sid });
  });

  it('is limited by person', async () => {
    for (let i = 0; i < 100; i += 1) expect((await ada.post(path)).status).toBe(201);
    expect(await ada.post(path)).toMatchObject({ status: 429, body: { code: 'rate_limited', retryAfter: 1 } });
    house.time.now += 1_000;
    expect((await ada.post(path)).status).toBe(201);
  });
});

describe('a token over HTTP', () => {
  it('is made for the session, and anybody can verify it by the published keys', async () => {
    const { token, expiresAt } = (await ada.get('/api/auth/token')).body;
    const { body, headers } = await house.browser().get('/api/auth/jwks');
    expect(headers.get('cache-control')).toBe('public, max-age=3600');
    const { payload } = await jwtVerify(token, createLocalJWKSet(body), { currentDate: new Date(house.time.now) });
    expect(payload).toMatchObject({ iss: 'http://house.example', aud: 'http://house.example/api' });
    expect(expiresAt).toBe(new Date(house.time.now + 300_000).toISOString());
    expect((await house.browser().get('/api/auth/token')).status).toBe(401);
  });
});
