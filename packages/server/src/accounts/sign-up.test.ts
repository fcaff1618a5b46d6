import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';

const path = '/api/auth/sign-up/email';
const ada = { name: 'Ada', email: 'Ada@Private.Example', password: 'analytical engine' };
const grace = { name: 'Grace', email: 'grace@private.example', password: 'compilers all day' };
const linus = { name: 'Linus', email: 'linus@private.example', password: 'just for the fun' };

let house: AccountsHouse;
afterEach(() => house.close());

const signUp = (body: object) => house.browser().post(path, body);
const people = async () => (await house.db.kysely.selectFrom('user').select('email').execute()).map((row) => row.email);
const refusal = (status: number, code: string, more = {}) => ({ status, body: { status, code, ...more } });

/** An invite as the table holds it; the code is its id. */
async function addInvite(code: string, more: { maxUses?: number; expiresAt?: number; revokedAt?: number } = {}) {
  const { kysely } = house.db;
  const room = { number: 1, id: 'lobby', name: 'Lobby', private: 0, createdAt: house.time.now };
  await kysely
    .insertInto('rooms')
    .values(room)
    .onConflict((oc) => oc.doNothing())
    .execute();
  const codeHash = createHash('sha256').update(code).digest('base64url');
  const terms = { expiresAt: house.time.now + 60_000, maxUses: null, revokedAt: null, ...more };
  const made = { id: code, room: 1, codeHash, createdBy: 'nobody', createdAt: house.time.now, uses: 0 };
  await kysely
    .insertInto('invites')
    .values({ ...made, ...terms })
    .execute();
}
const usesOf = async (invite: string) => {
  const { kysely } = house.db;
  const { uses } = await kysely.selectFrom('invites').select('uses').where('id', '=', invite).executeTakeFirstOrThrow();
  const rows = await kysely.selectFrom('inviteUses').select('user').where('invite', '=', invite).execute();
  return { uses, rows: rows.length };
};

describe('signing up in an open house', () => {
  beforeEach(async () => {
    house = await openAccounts({ signUp: 'open' });
  });

  it('makes an account and signs it in at once (A1), and no answer holds the session’s token (fault 5)', async () => {
    const browser = house.browser();
    const answer = await browser.post(path, ada);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      user: { id: expect.any(String), name: 'Ada', email: 'ada@private.example', role: 'member' },
    });
    const [token = ''] = browser.cookies.values();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(answer.text).not.toContain(token);
    expect(JSON.stringify(await house.db.kysely.selectFrom('session').selectAll().execute())).not.toContain(token);
    expect(answer.headers.get('set-cookie')).toMatch(/^parlour\.session_token=.+; Path=\/; HttpOnly; SameSite=Lax$/);
    expect((await browser.get('/api/account')).body).toMatchObject({ ...answer.body.user, createdAt: house.nowText() });
  });

  it('keeps the password as an Argon2id hash only', async () => {
    await signUp(ada);
    const { hash } = await house.db.kysely.selectFrom('passwords').select('hash').executeTakeFirstOrThrow();
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('sets a __Host- cookie that only travels by https where people come by https', async () => {
    await house.close();
    house = await openAccounts({ signUp: 'open', publicOrigin: 'https://house.example' });
    const browser = house.browser();
    const { headers } = await browser.post(path, ada);
    expect(headers.get('set-cookie')).toMatch(
      /^__Host-parlour\.session_token=.+; Path=\/; HttpOnly; Secure; SameSite=Lax/,
    );
    expect((await browser.get('/api/account')).status).toBe(200);
  });

  it('names the field at fault (A1)', async () => {
    const faults = { name: ' ', email: 'ada at example', password: 'short' };
    for (const [field, value] of Object.entries(faults)) {
      expect(await signUp({ ...ada, [field]: value })).toMatchObject(refusal(422, 'invalid_field', { field }));
      expect(await signUp({ ...ada, [field]: undefined })).toMatchObject(refusal(422, 'invalid_field', { field }));
    }
    expect(await people()).toEqual([]);
  });

  it('takes an address once, however it is written, and in a race too', async () => {
    const answers = await Promise.all([signUp(ada), signUp({ ...ada, email: 'ADA@private.example ' })]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(await signUp(ada)).toMatchObject(refusal(409, 'email_taken', { field: 'email' }));
    expect(await people()).toEqual(['ada@private.example']);
  });

  it('gives nobody a role, a session or an id that they name themselves', async () => {
    const answer = await signUp({ ...ada, role: 'owner', id: 'mine', emailVerified: true, image: 'x' });
    expect(answer.body.user).toMatchObject({ role: 'member', id: expect.not.stringMatching(/^mine$/) });
    expect(await house.db.kysely.selectFrom('user').selectAll().execute()).toMatchObject([
      { emailVerified: 0, role: 'member' },
    ]);
  });

  it('spends an invite that comes along, and refuses one that is dead', async () => {
    await addInvite('live');
    await addInvite('revoked', { revokedAt: 1 });
    expect((await signUp({ ...ada, invite: 'live' })).status).toBe(200);
    expect(await usesOf('live')).toEqual({ uses: 1, rows: 1 });
    expect(await signUp({ ...grace, invite: 'revoked' })).toMatchObject(refusal(410, 'invite_revoked'));
  });

  it('tells what follows once, after the commit, and stands when that fails', async () => {
    house.onSignUp = async (person) => {
      expect(await people()).toEqual(['ada@private.example']);
      expect(person).toEqual({ id: expect.any(String), name: 'Ada' });
      throw new Error('no room to join');
    };
    expect((await signUp(ada)).status).toBe(200);
    expect(house.log.join()).toContain('no room to join');
  });
});

describe('signing up by invite (A2)', () => {
  beforeEach(async () => {
    house = await openAccounts({ signUp: 'invite' });
    await addInvite('one', { maxUses: 1 });
  });

  it('lets in whoever brings one that works, and nobody else', async () => {
    await addInvite('old', { expiresAt: house.time.now });
    await addInvite('revoked', { revokedAt: 1 });
    expect((await signUp({ ...ada, invite: 'one' })).status).toBe(200);
    expect(await signUp(grace)).toMatchObject(refusal(403, 'invite_required'));
    expect(await signUp({ ...grace, invite: 'none' })).toMatchObject(refusal(404, 'invite_not_found'));
    expect(await signUp({ ...grace, invite: 'old' })).toMatchObject(refusal(410, 'invite_expired'));
    expect(await signUp({ ...grace, invite: 'revoked' })).toMatchObject(refusal(410, 'invite_revoked'));
    expect(await signUp({ ...grace, invite: 'one' })).toMatchObject(refusal(410, 'invite_used_up'));
    expect(await people()).toEqual(['ada@private.example']);
  });

  it('gives the last use to exactly one of those who race for it', async () => {
    const answers = await Promise.all([ada, grace, linus].map((who) => signUp({ ...who, invite: 'one' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 410, 410]);
    expect(answers.filter(({ headers }) => headers.has('set-cookie'))).toHaveLength(1);
    expect(await people()).toHaveLength(1);
    expect(await usesOf('one')).toEqual({ uses: 1, rows: 1 });
    for (const table of ['passwords', 'session'] as const) {
      expect(await house.db.kysely.selectFrom(table).select('userId').execute()).toHaveLength(1);
    }
  });

  it('spends nothing on a sign-up that fails', async () => {
    await addInvite('many');
    expect((await signUp({ ...ada, invite: 'many' })).status).toBe(200);
    expect(await signUp({ ...ada, invite: 'one' })).toMatchObject(refusal(409, 'email_taken'));
    expect(await usesOf('one')).toEqual({ uses: 0, rows: 0 });
  });

  it('leaves no trace when storing fails half-way', async () => {
    const { kysely } = house.db;
    await house.sql('ALTER TABLE session RENAME TO elsewhere');
    expect((await signUp({ ...ada, invite: 'one' })).status).toBe(500);
    expect(await people()).toEqual([]);
    expect(await kysely.selectFrom('passwords').select('userId').execute()).toEqual([]);
    expect(await usesOf('one')).toEqual({ uses: 0, rows: 0 });
    await house.sql('ALTER TABLE elsewhere RENAME TO session');
    expect((await signUp({ ...ada, invite: 'one' })).status).toBe(200);
  });
});

describe('claiming the house', () => {
  beforeEach(async () => {
    house = await openAccounts({ signUp: 'closed' });
  });

  it('makes whoever brings the printed code the owner, though sign-up is closed', async () => {
    expect((await house.browser().get('/api/workspace')).body).toEqual({
      name: 'Parlour',
      claimed: false,
      providers: [],
      signUp: 'closed',
      mail: false,
    });
    const typed = house.accounts.claimCode.toLowerCase().replaceAll('-', ' ');
    const answer = await signUp({ ...ada, claim: typed });
    expect(answer.body.user).toMatchObject({ role: 'owner' });
    expect((await house.browser().get('/api/workspace')).body.claimed).toBe(true);
    expect(await signUp({ ...grace, claim: typed })).toMatchObject(refusal(409, 'already_claimed'));
    expect(await signUp(grace)).toMatchObject(refusal(403, 'sign_up_closed'));
    expect(await people()).toEqual(['ada@private.example']);
  });

  it('refuses another code', async () => {
    expect(await signUp({ ...ada, claim: 'AAAA-AAAA-AAAA-AAAA' })).toMatchObject(refusal(403, 'claim_invalid'));
    expect(await people()).toEqual([]);
    expect(await house.accounts.isClaimed()).toBe(false);
  });

  it('has one winner when two race for it, and the other has no account', async () => {
    const claim = house.accounts.claimCode;
    const answers = await Promise.all([ada, grace].map((who) => signUp({ ...who, claim })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const roles = await house.db.kysely.selectFrom('user').select('role').execute();
    expect(roles).toEqual([{ role: 'owner' }]);
  });

  it('works for somebody who is signed in, once', async () => {
    await house.close();
    house = await openAccounts({ signUp: 'open' });
    const [adas, graces] = [house.browser(), house.browser()];
    await adas.post(path, ada);
    await graces.post(path, grace);
    const code = house.accounts.claimCode;
    expect(await adas.post('/api/claim', { code: 'wrong' })).toMatchObject(refusal(403, 'claim_invalid'));
    expect(await house.browser().post('/api/claim', { code })).toMatchObject(refusal(401, 'not_authenticated'));
    const answers = await Promise.all([adas, graces].map((browser) => browser.post('/api/claim', { code })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const roles = await house.db.kysely.selectFrom('user').select('role').execute();
    expect(roles.map(({ role }) => role).sort()).toEqual(['member', 'owner']);
  });
});
