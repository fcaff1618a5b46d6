import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';
import type { TestBrowser } from '../../test/test-browser.ts';

const path = '/api/auth/sign-in/email';
const ada = { name: 'Ada', email: 'ada@private.example', password: 'analytical engine' };
const grace = { name: 'Grace', email: 'grace@private.example', password: 'nanoseconds long' };
const hour = 60 * 60 * 1_000;

let house: AccountsHouse;
/** At home, where Ada made her account. */
let adasBrowser: TestBrowser;

beforeEach(async () => {
  house = await openAccounts({ signUp: 'open' });
  adasBrowser = house.browser({}, '192.0.2.1');
  await adasBrowser.post('/api/auth/sign-up/email', ada);
});
afterEach(() => house.close());

const addressOf = (n: number) => `203.0.${n >> 8}.${n & 255}`;
const guess = async (from: number | string, email = ada.email) => {
  const browser = house.browser({}, typeof from === 'string' ? from : addressOf(from));
  return (await browser.post(path, { email, password: 'a wrong guess' })).status;
};
const failures = () =>
  house.db.kysely
    .selectFrom('audit')
    .select(['kind', 'subject', 'detail'])
    .where('kind', 'like', 'sign_in_%')
    .execute();

describe('guessing at a password', () => {
  it('from 1,000 networks gets as many guesses as the one delay gives, and stops nobody who was there before', async () => {
    let judged = 0;
    for (let n = 0; n < 1_000; n += 1) if ((await guess(n)) === 401) judged += 1;
    expect(judged).toBe(10);
    // Hours in which the guessers are at it all the time.
    let inFourHours = 0;
    for (let minute = 0; minute < 4 * 60; minute += 1) {
      house.time.now += 60_000;
      for (let n = 0; n < 2; n += 1) if ((await guess(minute * 2 + n)) === 401) inFourHours += 1;
    }
    expect(inFourHours).toBeLessThan(60);

    const ways: [who: string, browser: TestBrowser, status: number][] = [
      ['her own browser, at home', adasBrowser, 200],
      ['another browser at home', house.browser({}, '192.0.2.1'), 200],
      ['a browser at no known place', house.browser({}, '198.51.100.1'), 429],
    ];
    for (const [who, browser, status] of ways)
      expect([who, (await browser.post(path, ada)).status]).toEqual([who, status]);
    const onTheRoad = house.browser({}, '198.51.100.9');
    for (const [name, value] of adasBrowser.cookies) onTheRoad.cookies.set(name, value);
    expect((await onTheRoad.post(path, ada)).status).toBe(200);
    house.time.now += 6 * 60_000;
    expect((await house.browser({}, '198.51.100.1').post(path, ada)).status).toBe(200);
  }, 60_000);

  it('waits twice as long after each further guess, up to five minutes, and says how long', async () => {
    for (let n = 0; n < 9; n += 1) expect(await guess(n)).toBe(401);
    const waits: number[] = [];
    for (let n = 10; n < 21; n += 1) {
      expect(await guess(n)).toBe(401);
      const answer = await house.browser({}, addressOf(5_000 + n)).post(path, { ...ada, password: 'a wrong guess' });
      expect(answer).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
      expect(answer.headers.get('retry-after')).toBe(String(answer.body.retryAfter));
      waits.push(answer.body.retryAfter);
      house.time.now += answer.body.retryAfter * 1_000;
    }
    expect(waits.slice(0, 4)).toEqual([1, 2, 4, 8]);
    expect(Math.max(...waits)).toBe(300);
  }, 30_000);

  it('in a network where the account is known is slowed down there, and her own browser is not', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 14; n += 1) statuses.push(await guess('192.0.2.1'));
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    expect(statuses.at(-1)).toBe(429);
    expect((await house.browser({}, '192.0.2.1').post(path, ada)).status).toBe(429);
    expect((await adasBrowser.post(path, ada)).status).toBe(200);
  });

  it('counts one IPv6 /64 as one network', async () => {
    const statuses = [];
    for (let n = 0; n < 12; n += 1)
      statuses.push(await guess(`2001:db8:1:2:${n.toString(16)}::1`, 'nobody@private.example'));
    expect(statuses.at(-1)).toBe(429);
  });

  it('at one account slows down no other, and at an address without an account is answered alike (D4)', async () => {
    await house.browser({}, '192.0.2.2').post('/api/auth/sign-up/email', grace);
    const known = [];
    const unknown = [];
    for (let n = 0; n < 14; n += 1) {
      known.push(await guess(n));
      unknown.push(await guess(n, 'nobody@private.example'));
    }
    expect(unknown).toEqual(known);
    expect(known.at(-1)).toBe(429);
    expect((await house.browser({}, '198.51.100.1').post(path, grace)).status).toBe(200);
  });

  it('many times at once is not many guesses for the price of one', async () => {
    const statuses = await Promise.all(Array.from({ length: 30 }, (_, n) => guess(n)));
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
  });

  it('is not made easier by the cookie of another account, or by a forged one', async () => {
    const other = house.browser({}, '198.51.100.2');
    await other.post('/api/auth/sign-up/email', grace);
    for (let n = 0; n < 11; n += 1) await guess(n);
    expect((await other.post(path, ada)).status).toBe(429);
    const [name, cookie = ''] = [...adasBrowser.cookies].find(([key]) => key.endsWith('known_browser')) ?? [''];
    const carrier = house.browser({}, '198.51.100.2');
    carrier.cookies.set(name, cookie);
    expect((await carrier.post(path, ada)).status).toBe(200);
    const forger = house.browser({}, '198.51.100.2');
    // Not the last letter: some of its bits mean nothing.
    forger.cookies.set(
      name,
      cookie.replace(/\.(.)/, (_, letter) => `.${letter === 'A' ? 'B' : 'A'}`),
    );
    expect((await forger.post(path, { ...ada, email: 'nobody@private.example' })).status).toBe(401);
  });

  it('is forgotten after a day', async () => {
    for (let n = 0; n < 11; n += 1) await guess(n);
    expect(await guess(50)).toBe(429);
    house.time.now += 25 * hour;
    for (let n = 100; n < 109; n += 1) expect(await guess(n)).toBe(401);
  });
});

describe('the audit log', () => {
  it('notes what failed, a few by themselves and the rest by their number', async () => {
    for (let n = 0; n < 500; n += 1) await guess(n);
    await house.settle();
    const rows = await failures();
    expect(rows.filter(({ kind }) => kind === 'sign_in_failed')).toHaveLength(10);
    const limited = rows.filter(({ kind }) => kind === 'sign_in_limited');
    expect(limited.length).toBeLessThan(30);
    const unwritten = limited.map(({ detail }) => (JSON.parse(detail) as { unwritten?: number }).unwritten ?? 0);
    const accounted = limited.length + unwritten.reduce((sum, count) => sum + count, 0);
    expect(accounted).toBeGreaterThan(300);
    expect(new Set(rows.map(({ subject }) => subject)).size).toBe(1);
    expect(rows[0]?.subject).not.toBeNull();
  });
});
