import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';
import type { TestBrowser } from '../../test/test-browser.ts';
import { recentFor } from '../accounts/require-recent.ts';

const path = '/api/account/access-tokens';
const day = 24 * 60 * 60;

let house: AccountsHouse;
let ada: TestBrowser;
beforeEach(async () => {
  house = await openAccounts({ signUp: 'open' });
  ada = await enter('Ada');
});
afterEach(() => house.close());

async function enter(name: string): Promise<TestBrowser> {
  const browser = house.browser();
  const email = `${name.toLowerCase()}@private.example`;
  await browser.post('/api/auth/sign-up/email', { name, email, password: 'correct horse battery' });
  return browser;
}

describe('an access token', () => {
  it('is made with a name, and otherwise reads for 30 days', async () => {
    const { status, body } = await ada.post(path, { name: ' Weather bot ' });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^pat_[a-z0-9]{16}$/),
      name: 'Weather bot',
      scope: 'read',
      createdAt: house.nowText(),
      expiresAt: new Date(house.time.now + 30 * day * 1_000).toISOString(),
      lastUsedAt: null,
      token: expect.stringMatching(/^parlour_pat_[\w-]{43}$/),
    });
  });

  it('is stored as a hash only, and shown once', async () => {
    const { token, ...shown } = (await ada.post(path, { name: 'Bot', scope: 'write' })).body;
    expect((await ada.get(path)).body).toEqual({ items: [shown], next: null });
    const [row] = await house.db.kysely.selectFrom('accessTokens').selectAll().execute();
    expect(row?.hash).toBe(createHash('sha256').update(token).digest('base64url'));
    const audit = await house.db.kysely.selectFrom('audit').selectAll().execute();
    expect(JSON.stringify([row, audit, house.log])).not.toContain(token);
  });

  it('is noted in the audit log, when it is made, when it ends, and by whom it was ended', async () => {
    const { id } = (await ada.post(path, { name: 'Bot', scope: 'write' })).body;
    await ada.json('DELETE', `${path}/${id}`);
    const rows = await house.db.kysely
      .selectFrom('audit')
      .select(['kind', 'actor', 'subject', 'address', 'detail'])
      .where('kind', 'like', 'access_token_%')
      .orderBy('number')
      .execute();
    const { id: person } = (await ada.get('/api/account')).body;
    expect(rows.map(({ detail, ...row }) => ({ ...row, detail: JSON.parse(detail) }))).toEqual([
      {
        kind: 'access_token_created',
        actor: person,
        subject: person,
        address: '192.0.2.1',
        detail: { token: id, name: 'Bot', scope: 'write', expiresAt: expect.any(String) },
      },
      {
        kind: 'access_token_ended',
        actor: null,
        subject: person,
        address: null,
        detail: { token: id, name: 'Bot', reason: 'token_revoked' },
      },
      {
        kind: 'access_token_revoked',
        actor: person,
        subject: person,
        address: '192.0.2.1',
        detail: { token: id },
      },
    ]);
  });

  const good = [{ expiresIn: day }, { expiresIn: 365 * day }, { scope: 'admin' }, { name: 'n'.repeat(60) }];
  const bad: [field: string, terms: Record<string, unknown>][] = [
    ['name', { name: '' }],
    ['name', { name: 'n'.repeat(61) }],
    ['name', { name: 7 }],
    ['name', { name: undefined }],
    ['scope', { scope: 'full' }],
    ['scope', { scope: 'owner' }],
    ['scope', { scope: null }],
    ['expiresIn', { expiresIn: day - 1 }],
    ['expiresIn', { expiresIn: 365 * day + 1 }],
    ['expiresIn', { expiresIn: null }],
    ['expiresIn', { expiresIn: 0 }],
    ['expiresIn', { expiresIn: -1 }],
    ['expiresIn', { expiresIn: 1e300 }],
    ['expiresIn', { expiresIn: String(day) }],
  ];
  it('is refused where a field is wrong', async () => {
    for (const terms of good) expect((await ada.post(path, { name: 'Bot', ...terms })).status).toBe(201);
    for (const [field, terms] of bad) {
      const { status, body } = await ada.post(path, { name: 'Bot', ...terms });
      expect([terms, status, body.field]).toEqual([terms, 422, field]);
    }
  });

  it('is one of at most 50, also where many are made at once', async () => {
    const made = await Promise.all(Array.from({ length: 52 }, (_, i) => ada.post(path, { name: `Bot ${i}` })));
    const codes = made.map(({ status, body }) => (status === 201 ? 201 : body.code)).sort();
    expect(codes).toEqual([...Array(50).fill(201), 'too_many_access_tokens', 'too_many_access_tokens']);
    const { items } = (await ada.get(path)).body;
    expect(items).toHaveLength(50);
    await ada.json('DELETE', `${path}/${items[0].id}`);
    expect((await ada.post(path, { name: 'One more' })).status).toBe(201);
    expect((await (await enter('Grace')).post(path, { name: 'Her own' })).status).toBe(201);
  });

  it('is made, listed and revoked by the session itself, never by a bearer', async () => {
    const { id, token } = (await ada.post(path, { name: 'Bot', scope: 'admin' })).body;
    const bearers = [
      (await ada.get('/api/auth/token')).body.token,
      token,
      (await house.browser().get('/api/auth/token', { authorization: `Bearer ${token}` })).body.token,
    ];
    for (const bearer of bearers) {
      const authorization = `Bearer ${bearer}`;
      const answers = [
        await ada.get(path, { authorization }),
        await ada.post(path, { name: 'Bot' }, { authorization }),
        await ada.json('DELETE', `${path}/${id}`, undefined, { authorization }),
      ];
      for (const answer of answers) expect(answer).toMatchObject({ status: 403, body: { code: 'insufficient_scope' } });
    }
    const nobody = house.browser();
    expect((await nobody.get(path)).status).toBe(401);
    expect((await nobody.post(path, { name: 'Bot' })).status).toBe(401);
    expect((await nobody.json('DELETE', `${path}/${id}`)).status).toBe(401);
    expect((await ada.get(path)).body.items).toHaveLength(1);
  });

  it('outlives its session, so it asks for who has just shown who they are', async () => {
    house.time.now += recentFor - 1;
    expect((await ada.post(path, { name: 'Bot' })).status).toBe(201);
    house.time.now += 1;
    expect(await ada.post(path, { name: 'Bot' })).toMatchObject({
      status: 403,
      body: { code: 'confirmation_required' },
    });
    expect((await ada.get(path)).status).toBe(200);
  });

  it('is not left behind by somebody who is banned while they make it', async () => {
    const made = ada.post(path, { name: 'Bot' });
    const banned = house.sql('UPDATE user SET bannedAt = 1');
    await Promise.all([made, banned]);
    expect(await house.db.kysely.selectFrom('accessTokens').select('id').execute()).toEqual([]);
  });
});

describe('revoking', () => {
  it('takes one’s own only, and tells no more of another’s than of none', async () => {
    const grace = await enter('Grace');
    const { id } = (await ada.post(path, { name: 'Bot' })).body;
    const [theirs, none] = [
      await grace.json('DELETE', `${path}/${id}`),
      await grace.json('DELETE', `${path}/pat_${'0'.repeat(16)}`),
    ];
    expect(theirs).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(theirs.body).toEqual(none.body);
    expect((await grace.get(path)).body.items).toEqual([]);
    expect((await ada.json('DELETE', `${path}/${id}`)).status).toBe(204);
    expect((await ada.json('DELETE', `${path}/${id}`)).status).toBe(404);
  });
});
