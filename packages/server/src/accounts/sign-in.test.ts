import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';

const path = '/api/auth/sign-in/email';
const ada = { name: 'Ada', email: 'ada@private.example', password: 'analytical engine' };
const day = 24 * 60 * 60 * 1_000;

let house: AccountsHouse;
beforeEach(async () => {
  house = await openAccounts({ signUp: 'open' });
  await house.browser().post('/api/auth/sign-up/email', ada);
});
afterEach(() => house.close());

const signIn = (body: object) => house.browser().post(path, body);
const sessions = () => house.db.kysely.selectFrom('session').select(['id', 'tokenHash']).execute();
const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');
const revocations = () => house.db.kysely.selectFrom('revocations').select(['kind', 'grantId', 'reason']).execute();

describe('signing in', () => {
  it('gives a cookie that scripts cannot read and an answer without any token (D4, fault 5)', async () => {
    const browser = house.browser();
    const answer = await browser.post(path, { ...ada, email: ' ADA@private.example' });
    expect(answer).toMatchObject({ status: 200, body: { user: { name: 'Ada', email: ada.email, role: 'member' } } });
    for (const token of browser.cookies.values()) expect(answer.text).not.toContain(token);
    expect(answer.headers.get('set-cookie')).toContain('; HttpOnly');
    expect((await browser.get('/api/account')).status).toBe(200);
  });

  it('tells neither in words nor in effort whether the account exists (D4)', async () => {
    expect((await signIn(ada)).status).toBe(200);
    const wrong = await signIn({ ...ada, password: 'difference engine' });
    const unknown = await signIn({ ...ada, email: 'grace@private.example' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } });
    expect(unknown.body).toEqual(wrong.body);
    expect(await signIn({ ...ada, password: 'x'.repeat(1_000) })).toMatchObject({ body: wrong.body });
    const [wrongly = 0, inVain = 0] = await leastEfforts(
      () => signIn({ ...ada, password: 'difference engine' }),
      () => signIn({ ...ada, email: 'linus@private.example' }),
    );
    expect(inVain).toBeGreaterThan(wrongly / 2);
    expect(inVain).toBeLessThan(wrongly * 2);
  });

  it('makes a new session and ends the one that this browser held, in one (D4)', async () => {
    const browser = house.browser();
    await browser.post(path, ada);
    const [before] = [...browser.cookies.values()];
    const held = (await sessions()).find(({ tokenHash }) => tokenHash === hashOf(before ?? ''));
    await browser.post(path, ada);
    expect(browser.cookies.values().next().value).not.toBe(before);
    expect((await sessions()).map(({ id }) => id)).not.toContain(held?.id);
    expect(await revocations()).toEqual([{ kind: 'grant', grantId: held?.id, reason: 'replaced' }]);
  });

  it('leaves the sessions of other browsers alone, and is not fooled by a forged cookie', async () => {
    const victim = house.browser();
    await victim.post(path, ada);
    const [name = '', value = ''] = [...victim.cookies][0] ?? [];
    const forger = house.browser();
    forger.cookies.set(name, `${value.split('.')[0]}.${'A'.repeat(43)}%3D`);
    expect((await forger.get('/api/account')).status).toBe(403);
    await forger.post(path, ada);
    expect((await victim.get('/api/account')).status).toBe(200);
    expect(await revocations()).toEqual([]);
  });

  it('slows guessing at one account down, for whoever guesses, and forgives after a right password', async () => {
    const guess = () => signIn({ ...ada, password: 'a wrong guess' });
    for (let i = 0; i < 9; i += 1) expect((await guess()).status).toBe(401);
    expect((await signIn(ada)).status).toBe(200);
    for (let i = 0; i < 10; i += 1) expect((await guess()).status).toBe(401);
    const limited = await guess();
    expect(limited).toMatchObject({ status: 429, body: { code: 'rate_limited', retryAfter: 20 } });
    expect(limited.headers.get('retry-after')).toBe('20');
    expect((await signIn(ada)).status).toBe(429);
    house.time.now += 20_000;
    expect((await signIn(ada)).status).toBe(200);
  });
});

describe('a session', () => {
  it('lives 30 days unused and 90 in all, everywhere (D7)', async () => {
    const browser = house.browser();
    await browser.post(path, ada);
    const isIn = async () => (await browser.get('/api/account')).status === 200;
    house.time.now += 29 * day;
    expect(await isIn()).toBe(true);
    await house.settle();
    house.time.now += 29 * day;
    expect(await isIn()).toBe(true);
    await house.settle();
    house.time.now += 29 * day;
    expect(await isIn()).toBe(true);
    await house.settle();
    house.time.now += 3 * day;
    expect(await isIn()).toBe(false);
    expect((await browser.get('/api/auth/token')).status).toBe(401);
  });

  it('that nobody used for 30 days is dead though its row is there, and is purged with a revocation', async () => {
    const browser = house.browser();
    await browser.post(path, ada);
    const [{ id } = { id: '' }] = await house.db.kysely
      .selectFrom('session')
      .select('id')
      .orderBy('createdAt', 'desc')
      .execute();
    expect(await house.accounts.findGrant(id)).toMatchObject({ grantId: id, user: { name: 'Ada' } });
    house.time.now += 30 * day;
    expect((await browser.get('/api/account')).status).toBe(403);
    expect(await house.accounts.findGrant(id)).toBeUndefined();
    await house.accounts.purge();
    expect(await sessions()).toEqual([]);
    expect((await revocations()).map(({ reason }) => reason)).toEqual(['expired', 'expired']);
  });

  it('ends with the account', async () => {
    const browser = house.browser();
    await browser.post(path, ada);
    expect((await browser.get('/api/account')).status).toBe(200);
    await house.db.kysely.deleteFrom('user').execute();
    expect((await browser.get('/api/account')).status).toBe(403);
    expect((await revocations()).map(({ reason }) => reason)).toEqual(['account_ended', 'account_ended']);
  });
});

describe('signing out', () => {
  it('ends the session and its bearers, clears the cookie, and works twice', async () => {
    const browser = house.browser();
    await browser.post(path, ada);
    const bearer = { authorization: `Bearer ${(await browser.get('/api/auth/token')).body.token}` };
    expect((await house.browser().get('/api/account', bearer)).status).toBe(200);
    const kept = new Map(browser.cookies);
    const answer = await browser.post('/api/auth/sign-out');
    expect(answer).toMatchObject({ status: 200, body: { success: true } });
    expect([...browser.cookies.keys()]).toEqual(['parlour.known_browser']);
    for (const [name, value] of kept) browser.cookies.set(name, value);
    expect((await browser.get('/api/account')).status).toBe(403);
    expect((await house.browser().get('/api/account', bearer)).status).toBe(403);
    expect((await revocations()).map(({ reason }) => reason)).toEqual(['signed_out']);
    expect((await browser.post('/api/auth/sign-out')).status).toBe(200);
  });

  it('is never done by GET (fault 20)', async () => {
    const browser = house.browser();
    await browser.post(path, ada);
    const answer = await browser.get('/api/auth/sign-out');
    expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
    expect(answer.headers.get('allow')).toBe('POST');
    expect((await browser.get('/api/account')).status).toBe(200);
    expect((await browser.post('/api/auth/sign-out', undefined, { origin: 'http://house.example' })).status).toBe(200);
  });
});

/**
 * Processor time of each in microseconds: of some times the least, since other work of the process is counted too. They take
 * turns, since a processor that has become busy takes longer for the same.
 */
async function leastEfforts(...works: (() => Promise<unknown>)[]): Promise<number[]> {
  const least = works.map(() => Number.POSITIVE_INFINITY);
  for (let turn = 0; turn < 5; turn += 1) {
    for (const [i, work] of works.entries()) {
      const start = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(start);
      least[i] = Math.min(least[i] ?? 0, user + system);
    }
  }
  return least;
}
