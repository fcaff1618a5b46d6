import { randomUUID } from 'node:crypto';
import type { CreatedInvite } from '@parlour/protocol/invites';
import type { Identity } from '@parlour/protocol/single-sign-on';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byHand } from '../../test/by-hand.ts';
import { OidcProvider, type ProviderPerson } from '../../test/oidc-provider.ts';
import { startServer, type TestServer } from '../../test/start-server.ts';
import { Surfer } from '../../test/surfer.ts';
import type { Visitor } from '../../test/visitor.ts';

const clock = { ahead: 0, now: () => Date.now() + clock.ahead };
const houses: TestServer[] = [];
let keystone: OidcProvider;
let lantern: OidcProvider;
let server: TestServer;
beforeAll(async () => {
  [keystone, lantern] = await Promise.all([OidcProvider.listen('keystone'), OidcProvider.listen('lantern')]);
  server = await openHouse('open');
});
afterAll(async () => {
  await Promise.all(houses.map((house) => house.stop()));
  await Promise.all([keystone.close(), lantern.close()]);
});

async function openHouse(signUp: string): Promise<TestServer> {
  // More come from one network here than a house would take.
  const limits = { PARLOUR_RATE_LIMITS: 'off' };
  const environment = { ...keystone.settings, ...lantern.settings, ...limits, PARLOUR_SIGN_UP: signUp };
  const house = await startServer({ clock, environment });
  houses.push(house);
  for (const provider of [keystone, lantern]) provider.open(house.origin);
  return house;
}

const sql = (statement: string, ...values: (string | number)[]) =>
  byHand(server, (db) => db.prepare(statement).all(...values));

/** Somebody who signed up by a password, with a name of their own. */
async function signUp(isVerified: boolean): Promise<{ visitor: Visitor; email: string }> {
  const visitor = await server.signUp(`Ada ${randomUUID().slice(0, 8)}`);
  const { email } = visitor.account;
  sql('UPDATE user SET emailVerified = ? WHERE id = ?', isVerified ? 1 : 0, visitor.id);
  return { visitor, email };
}

/** Goes through a provider as somebody whom it knows by this. Answers where that leads. */
async function signOn(
  person: ProviderPerson,
  options: { login?: string; fields?: Record<string, string>; house?: TestServer; provider?: OidcProvider } = {},
) {
  const { login = randomUUID(), fields = {}, house = server, provider = keystone } = options;
  provider.know(login, person);
  provider.visitor = login;
  const surfer = new Surfer(house.visit());
  const { url } = await surfer.signOn(provider === keystone ? 'keystone' : 'lantern', fields);
  return { login, surfer, landed: url.pathname, refused: url.searchParams.get('refused') };
}

describe('C1: an account of the house with the address that the provider tells', () => {
  test('is signed in to when both the provider and the house have seen that the address is theirs', async () => {
    const { visitor, email } = await signUp(true);
    const { surfer, login } = await signOn({ email, email_verified: true });
    expect((await surfer.visitor.know()).id).toBe(visitor.id);
    // From now on the provider's own name for the person counts, not the address.
    const again = await signOn({ email: 'moved@private.example', email_verified: false }, { login });
    expect((await again.surfer.visitor.know()).id).toBe(visitor.id);
  });

  test.each([
    ['the house has not', false, true],
    ['the provider has not', true, false],
    ['neither has', false, false],
    ['the provider says so in a word that is not true', true, 'true' as unknown as boolean],
    ['the provider does not say', true, undefined],
  ])('is left alone when %s', async (_what, here, there) => {
    const allowed = await signUp(true);
    expect((await signOn({ email: allowed.email, email_verified: true })).landed).toBe('/rooms');
    const { visitor, email } = await signUp(here);
    const answer = await signOn({ email, ...(there === undefined ? {} : { email_verified: there }) });
    expect([answer.landed, answer.refused]).toEqual(['/sign-in', 'link_required']);
    expect((await answer.surfer.visitor.request('GET', '/api/account')).status).toBe(403);
    expect(sql('SELECT * FROM identities WHERE userId = ?', visitor.id)).toEqual([]);
  });

  test('is left alone when it has a second factor, which nobody gets round by a provider', async () => {
    const { visitor, email } = await signUp(true);
    sql(`INSERT INTO secondFactors (userId, secret, confirmedAt) VALUES (?, 'x', 1)`, visitor.id);
    expect((await signOn({ email, email_verified: true })).refused).toBe('link_required');
    sql('DELETE FROM secondFactors WHERE userId = ?', visitor.id);
    expect((await signOn({ email, email_verified: true })).landed).toBe('/rooms');
  });

  test('is left alone when somebody else at the provider has the address now', async () => {
    const { email } = await signUp(true);
    expect((await signOn({ email, email_verified: true })).landed).toBe('/rooms');
    expect((await signOn({ email, email_verified: true })).refused).toBe('link_required');
  });

  test('stays shut for somebody who was banned', async () => {
    const { visitor, email } = await signUp(true);
    const { login, landed } = await signOn({ email, email_verified: true });
    expect(landed).toBe('/rooms');
    sql('UPDATE user SET bannedAt = 1 WHERE id = ?', visitor.id);
    expect((await signOn({ email }, { login })).refused).toBe('banned');
  });
});

describe('C1: somebody new', () => {
  test('has the name and the address that the provider tells, verified where it says so', async () => {
    const person = { email: 'grace@private.example', email_verified: true, name: ' Grace  ' };
    const { surfer } = await signOn(person);
    const { id } = await surfer.visitor.know();
    expect(sql('SELECT name, email, emailVerified FROM user WHERE id = ?', id)).toEqual([
      { name: 'Grace', email: 'grace@private.example', emailVerified: 1 },
    ]);
    expect(sql('SELECT 1 FROM passwords WHERE userId = ?', id)).toEqual([]);
    const other = await signOn({ email: 'unproved@private.example', name: '\u0000' });
    const account = await other.surfer.visitor.know();
    expect(account.name).toBe('unproved');
    expect(sql('SELECT emailVerified FROM user WHERE id = ?', account.id)).toEqual([{ emailVerified: 0 }]);
  });

  test('needs an address', async () => {
    expect((await signOn({ email: 'somebody@private.example' })).landed).toBe('/rooms');
    for (const email of [undefined, '', 'not an address']) {
      expect((await signOn(email === undefined ? {} : { email })).refused).toBe('email_missing');
    }
  });

  test('is one person, also when they come back twice at once', async () => {
    const login = randomUUID();
    keystone.know(login, { email: `${login}@private.example`, email_verified: true });
    keystone.visitor = login;
    const surfers = Array.from({ length: 4 }, () => new Surfer(server.visit()));
    const isCallback = (url: URL) => url.pathname.endsWith('/callback');
    const before = await Promise.all(
      surfers.map(async (each) => each.follow(await each.press('keystone'), isCallback)),
    );
    const after = await Promise.all(surfers.map((each, index) => each.follow(before[index]?.url as URL)));
    expect(after.map(({ url }) => url.pathname)).toEqual(Array(4).fill('/rooms'));
    const people = await Promise.all(surfers.map(({ visitor }) => visitor.know()));
    expect(new Set(people.map(({ id }) => id)).size).toBe(1);
    expect(sql('SELECT COUNT(*) AS n FROM identities WHERE subject = ?', login)).toEqual([{ n: 1 }]);
  });

  test('is let in as PARLOUR_SIGN_UP says: a closed house takes nobody, and the claim its owner', async () => {
    const house = await openHouse('closed');
    const claim = new URL((await house.app.claimUrl()) ?? '').pathname.split('/').at(-1) ?? '';
    const ada = { email: 'ada@private.example' };
    expect((await signOn(ada, { house })).refused).toBe('sign_up_closed');
    expect((await signOn(ada, { house, fields: { claim: 'AAAA-AAAA' } })).refused).toBe('claim_invalid');
    const { surfer, landed, login } = await signOn(ada, { house, fields: { claim, to: `/claim/${claim}` } });
    expect([landed, (await surfer.visitor.know()).role]).toEqual(['/rooms', 'owner']);
    expect((await signOn({ email: 'x@private.example' }, { house, fields: { claim } })).refused).toBe(
      'already_claimed',
    );
    // Whoever is in, is in.
    expect((await signOn(ada, { house, login })).landed).toBe('/rooms');
    for (const provider of [keystone, lantern]) provider.open(server.origin);
  });

  test('is let in as PARLOUR_SIGN_UP says: by invite, of which one use is spent', async () => {
    const house = await openHouse('invite');
    const claim = new URL((await house.app.claimUrl()) ?? '').pathname.split('/').at(-1) ?? '';
    const { surfer } = await signOn({ email: 'ada@private.example' }, { house, fields: { claim } });
    const room = await surfer.visitor.createRoom('Lobby');
    const path = `/api/rooms/${room.id}/invites`;
    const { body } = await surfer.visitor.request<CreatedInvite>('POST', path, { maxUses: 1 });
    const fields = { invite: body.code, to: `/join/${body.code}` };
    expect((await signOn({ email: 'grace@private.example' }, { house })).refused).toBe('invite_required');
    const grace = await signOn({ email: 'grace@private.example' }, { house, fields });
    expect(grace.landed).toBe(`/join/${body.code}`);
    expect((await grace.surfer.visitor.request('POST', `/api/invites/${body.code}/accept`, {})).status).toBe(200);
    expect((await signOn({ email: 'linus@private.example' }, { house, fields })).refused).toBe('invite_used_up');
    for (const provider of [keystone, lantern]) provider.open(server.origin);
  });
});

describe('C1: in the settings', () => {
  async function identitiesOf(visitor: Visitor): Promise<Identity[]> {
    return (await visitor.request<{ items: Identity[] }>('GET', '/api/account/identities')).body.items;
  }

  /** Links the account of a browser with somebody at a provider. */
  async function link(visitor: Visitor, login: string, provider = 'keystone'): Promise<string> {
    (provider === 'keystone' ? keystone : lantern).visitor = login;
    const { url } = await new Surfer(visitor).link(provider);
    return url.pathname + url.search;
  }

  test('somebody links a provider, whatever its address says, and signs in by it afterwards', async () => {
    const { visitor } = await signUp(false);
    keystone.know('linked', { email: 'other@private.example' });
    expect(await link(visitor, 'linked')).toBe('/settings/security');
    expect(await identitiesOf(visitor)).toEqual([
      { provider: 'keystone', name: 'Keystone', email: 'other@private.example', linkedAt: expect.any(String) },
    ]);
    const { surfer } = await signOn({}, { login: 'linked' });
    expect((await surfer.visitor.know()).id).toBe(visitor.id);
  });

  test('nobody links what is somebody else’s, nor two at one provider', async () => {
    const [ada, grace] = [await signUp(true), await signUp(true)];
    expect(await link(ada.visitor, 'first')).toBe('/settings/security');
    expect(await link(grace.visitor, 'first')).toBe('/settings/security?refused=identity_taken');
    expect(await link(ada.visitor, 'second')).toBe('/settings/security?refused=identity_exists');
    expect(await link(ada.visitor, 'first')).toBe('/settings/security');
    expect(await identitiesOf(grace.visitor)).toEqual([]);
  });

  test('only the session that began to link finishes it', async () => {
    const ada = await signUp(true);
    keystone.visitor = 'third';
    const surfer = new Surfer(ada.visitor);
    const { body } = await ada.visitor.request<{ url: string }>('POST', '/api/account/identities/keystone');
    const { url } = await surfer.follow(new URL(body.url), ({ pathname }) => pathname.endsWith('/callback'));
    await ada.visitor.signIn(ada.email);
    expect((await surfer.follow(url)).url.search).toBe('?refused=sign_on_expired');
    expect(await identitiesOf(ada.visitor)).toEqual([]);
    expect(await link(ada.visitor, 'third')).toBe('/settings/security');
  });

  test('linking and unlinking need a login of the last ten minutes, and one by a cookie', async () => {
    const { visitor } = await signUp(true);
    expect(await link(visitor, 'fourth')).toBe('/settings/security');
    clock.ahead += 11 * 60 * 1_000;
    for (const [method, provider] of [
      ['POST', 'lantern'],
      ['DELETE', 'keystone'],
    ] as const) {
      const answer = await visitor.request<{ code: string }>(method, `/api/account/identities/${provider}`);
      expect([answer.status, answer.body.code]).toEqual([403, 'confirmation_required']);
      expect((await server.visit().request(method, `/api/account/identities/${provider}`)).status).toBe(401);
    }
    clock.ahead -= 11 * 60 * 1_000;
    const headers = { authorization: `Bearer ${await visitor.token()}` };
    expect((await visitor.request('DELETE', '/api/account/identities/keystone', undefined, headers)).status).toBe(403);
    expect(await identitiesOf(visitor)).toHaveLength(1);
  });

  test('a link can be removed, but not the last way to sign in', async () => {
    const { visitor } = await signUp(true);
    const path = '/api/account/identities/keystone';
    expect(await link(visitor, 'fifth')).toBe('/settings/security');
    expect((await visitor.request('DELETE', path)).status).toBe(204);
    expect((await visitor.request('DELETE', path)).status).toBe(404);

    const { surfer } = await signOn({ email: `${randomUUID()}@private.example`, email_verified: true });
    const refusal = await surfer.visitor.request<{ code: string }>('DELETE', path);
    expect([refusal.status, refusal.body.code]).toEqual([409, 'last_sign_in_way']);
    await surfer.visitor.know();
    expect(await link(surfer.visitor, 'sixth', 'lantern')).toBe('/settings/security');
    expect((await surfer.visitor.request('DELETE', path)).status).toBe(204);
    expect(
      sql('SELECT kind FROM audit WHERE kind LIKE ? AND subject = ? ORDER BY number', 'identity_%', surfer.visitor.id),
    ).toEqual(['identity_linked', 'identity_linked', 'identity_unlinked'].map((kind) => ({ kind })));
  });
});
