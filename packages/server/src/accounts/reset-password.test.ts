import type { Role } from '@parlour/protocol/accounts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkIn, MailBox, secretIn } from '../../test/mail-box.ts';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';
import { readConfig } from '../config.ts';

const ada = { name: 'Ada', email: 'ada@private.example', password: 'analytical engine' };
const password = 'a new pass phrase';
const minute = 60_000;
const signUpPath = '/api/auth/sign-up/email';
const signInPath = '/api/auth/sign-in/email';

let box: MailBox;
let house: AccountsHouse;
beforeEach(async () => {
  box = await MailBox.open();
  const { mail } = readConfig(box.environment);
  house = await openAccounts({ signUp: 'open', name: 'Lantern Street', mail });
  await house.browser().post(signUpPath, ada);
  await box.next(ada.email);
});
afterEach(async () => {
  await house.close();
  await box.stop();
});

const request = (email = ada.email) => house.browser().post('/api/auth/reset/request', { email });
const reset = (secret: string, word = password) => house.browser().post('/api/auth/reset', { secret, password: word });
const signIn = (word: string, email = ada.email) => house.browser().post(signInPath, { email, password: word });
const askForLink = async () => {
  await request();
  return secretIn(await box.next(ada.email));
};
const invalid = { status: 410, body: { code: 'link_invalid' } };
const auditOf = async (kind: string) =>
  await house.db.kysely.selectFrom('audit').selectAll().where('kind', '=', kind).execute();

describe('asking for a new password', () => {
  it('P-HTTP-20: mails a link whose secret stands where no server and no log sees it (D9)', async () => {
    expect(await request(' ADA@private.example ')).toMatchObject({ status: 202, text: '' });
    const mail = await box.next(ada.email);
    expect(mail.subject).toBe('Set a new password for Lantern Street');
    expect(linkIn(mail)).toMatch(/^http:\/\/house\.example\/reset#[\w-]{43}$/);
    expect(String(mail.html)).toContain(linkIn(mail));
    const stored = await house.db.kysely.selectFrom('oneTimeSecrets').selectAll().execute();
    expect(JSON.stringify(stored)).not.toContain(secretIn(mail));
    expect(house.log.join()).not.toContain(secretIn(mail));
  });

  it('tells neither in words nor in effort whether the account exists (D9)', async () => {
    const written = async () => {
      const count = (table: 'oneTimeSecrets' | 'audit') =>
        house.db.kysely
          .selectFrom(table)
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow();
      return [(await count('oneTimeSecrets')).count, (await count('audit')).count];
    };
    const cost = async (email: string) => {
      const [secrets = 0, rows = 0] = await written();
      const { status, text, headers } = await request(email);
      const [secretsAfter = 0, rowsAfter = 0] = await written();
      headers.delete('x-request-id');
      return { status, text, headers: [...headers], secrets: secretsAfter - secrets, rows: rowsAfter - rows };
    };
    const known = await cost(ada.email);
    await box.next(ada.email);
    expect(known).toMatchObject({ status: 202, secrets: 1, rows: 1 });
    expect(await cost('grace@private.example')).toEqual(known);
    await request();
    await box.next(ada.email);
    expect(box.received).toEqual([]);
  });

  it('is counted by address without a word, so that nobody keeps another from asking', async () => {
    for (let i = 0; i < 3; i += 1) {
      expect((await request()).status).toBe(202);
      await box.next(ada.email);
    }
    const before = await auditOf('reset_requested');
    expect((await request()).status).toBe(202);
    expect(await auditOf('reset_requested')).toHaveLength(before.length);
    house.time.now += 10 * minute;
    expect((await request()).status).toBe(202);
    await box.next(ada.email);
  });

  it('gives whoever is banned no link', async () => {
    await reset(await askForLink());
    await box.next(ada.email);
    await house.sql('UPDATE user SET bannedAt = 1');
    expect((await request()).status).toBe(202);
    await house.sql('UPDATE user SET bannedAt = NULL');
    await request();
    await box.next(ada.email);
    expect(box.received).toEqual([]);
  });

  it('tells somebody without a password how they sign in, and gives no link', async () => {
    await house.sql('DELETE FROM passwords');
    expect((await request()).status).toBe(202);
    const mail = await box.next(ada.email);
    expect(mail.subject).toContain('without a password');
    expect(mail.text).not.toContain('#');
  });

  it('is refused where the house sends no mail', async () => {
    const silent = await openAccounts({ signUp: 'open' });
    const answer = await silent.browser().post('/api/auth/reset/request', { email: ada.email });
    expect(answer).toMatchObject({ status: 409, body: { code: 'mail_off' } });
    expect((await silent.browser().get('/api/workspace')).body.mail).toBe(false);
    expect((await house.browser().get('/api/workspace')).body.mail).toBe(true);
    await silent.close();
  });
});

describe('setting a new password by a link', () => {
  it('ends every session, says so by mail, proves the address, and signs nobody in (D9)', async () => {
    const [first, second] = [house.browser(), house.browser()];
    for (const browser of [first, second]) await browser.post(signInPath, ada);
    const tokens = () => house.db.kysely.selectFrom('accessTokens').select('id').execute();
    await house.sql(
      `INSERT INTO accessTokens (id, hash, userId, name, scope, createdAt, expiresAt)
       SELECT 'bot', 'hash', id, 'A bot', 'read', 1, 2000000000000 FROM user`,
    );
    expect(await tokens()).not.toEqual([]);
    const secret = await askForLink();
    const answer = await house.browser().post('/api/auth/reset/preview', { secret });
    expect(answer).toMatchObject({ status: 200, body: { email: ada.email } });
    const browser = house.browser();
    expect((await browser.post('/api/auth/reset', { secret, password })).status).toBe(204);
    expect(browser.cookies.size).toBe(0);
    for (const each of [first, second]) expect((await each.get('/api/account')).status).toBe(403);
    expect(await tokens()).toEqual([]);
    const reasons = await house.db.kysely.selectFrom('revocations').select('reason').execute();
    expect(new Set(reasons.map(({ reason }) => reason))).toEqual(new Set(['password_reset']));
    expect((await box.next(ada.email)).subject).toBe('Your password for Lantern Street was set');
    expect((await signIn(ada.password)).status).toBe(401);
    const after = house.browser();
    expect((await after.post(signInPath, { email: ada.email, password })).status).toBe(200);
    expect((await after.get('/api/account/email')).body).toEqual({ email: ada.email, verified: true, pending: null });
    const [row] = await auditOf('password_reset');
    expect(row).toMatchObject({ address: '192.0.2.1', detail: '{"link":"mail"}' });
  });

  it('ends access tokens too: whoever was in may have made one', async () => {
    const browser = house.browser();
    await browser.post(signInPath, ada);
    const { token } = (await browser.post('/api/account/access-tokens', { name: 'Bot' })).body;
    const bearer = { authorization: `Bearer ${token}` };
    expect((await house.browser().get('/api/auth/token', bearer)).status).toBe(200);
    expect((await reset(await askForLink())).status).toBe(204);
    expect((await house.browser().get('/api/auth/token', bearer)).status).toBe(401);
  });

  it('leaves a second factor where it was', async () => {
    await house.sql(`INSERT INTO secondFactors (userId, secret, confirmedAt) SELECT id, 'sealed', 1 FROM user`);
    expect((await reset(await askForLink())).status).toBe(204);
    expect(await house.db.kysely.selectFrom('secondFactors').select('secret').execute()).toEqual([
      { secret: 'sealed' },
    ]);
  });

  it('works once, of two at the same moment for one', async () => {
    const secret = await askForLink();
    const answers = await Promise.all(['one pass phrase', 'two pass phrase'].map((word) => reset(secret, word)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 410]);
    expect(await reset(secret)).toMatchObject(invalid);
    expect(await auditOf('password_reset')).toHaveLength(1);
  });

  it('is refused half an hour later, and a moment before it is not', async () => {
    const first = await askForLink();
    house.time.now += 30 * minute - 1;
    expect((await reset(first)).status).toBe(204);
    await box.next(ada.email);
    const second = await askForLink();
    house.time.now += 30 * minute;
    expect(await reset(second)).toMatchObject(invalid);
  });

  it('works by the last link only, and by none that was out when one was used', async () => {
    const old = await askForLink();
    const last = await askForLink();
    expect(await reset(old)).toMatchObject(invalid);
    expect((await reset(last)).status).toBe(204);
    expect(await reset(last)).toMatchObject(invalid);
  });

  it('is refused by a secret of another kind, a made-up one and that of an unknown address', async () => {
    const grace = { ...ada, name: 'Grace', email: 'grace@private.example' };
    const graces = house.browser();
    await graces.post(signUpPath, grace);
    const verification = secretIn(await box.next(grace.email));
    await request('nobody@private.example');
    for (const secret of [verification, 'x'.repeat(43), '../..']) expect(await reset(secret)).toMatchObject(invalid);
    expect(await reset('')).toMatchObject({ status: 422, body: { field: 'secret' } });
    expect((await graces.post('/api/auth/verify-email', { secret: verification })).status).toBe(200);
  });

  it('refuses a bad password and leaves the link as it was', async () => {
    const secret = await askForLink();
    expect(await reset(secret, 'short')).toMatchObject({ status: 422, body: { field: 'password' } });
    expect((await reset(secret)).status).toBe(204);
  });

  it('lets whoever proves an address for the first time keep nothing that a stranger put there to come in by', async () => {
    const { kysely } = house.db;
    const { id } = await kysely.selectFrom('user').select('id').executeTakeFirstOrThrow();
    const identity = { provider: 'work', userId: id, email: null, linkedAt: 1 };
    const link = (subject: string) =>
      kysely
        .insertInto('identities')
        .values({ ...identity, subject })
        .execute();
    const count = async () => (await kysely.selectFrom('identities').select('subject').execute()).length;
    await link('a stranger');
    expect((await reset(await askForLink())).status).toBe(204);
    expect(await count()).toBe(0);
    expect((await box.next(ada.email)).text).not.toContain('#');
    await link('the owner');
    expect((await reset(await askForLink())).status).toBe(204);
    expect(await count()).toBe(1);
  });

  it('takes back a change of the address that somebody else may have asked for', async () => {
    const browser = house.browser();
    await browser.post(signInPath, ada);
    const eve = 'eve@private.example';
    await browser.post('/api/account/email', { email: eve, password: ada.password });
    const change = secretIn(await box.next(eve));
    await box.next(ada.email);
    expect((await reset(await askForLink())).status).toBe(204);
    const again = house.browser();
    await again.post(signInPath, { ...ada, password });
    expect(await again.post('/api/auth/verify-email', { secret: change })).toMatchObject(invalid);
  });
});

describe('the link of an admin', () => {
  const grace = { ...ada, name: 'Grace', email: 'grace@private.example' };
  let admin: ReturnType<AccountsHouse['browser']>;
  let graceId: string;

  const setRole = (email: string, role: Role) => house.sql(`UPDATE user SET role = '${role}' WHERE email = '${email}'`);
  const issue = (id: string, browser = admin) => browser.post(`/api/people/${id}/reset-link`);

  beforeEach(async () => {
    const browser = house.browser();
    await browser.post(signUpPath, grace);
    await box.next(grace.email);
    graceId = (await browser.get('/api/account')).body.id;
    admin = house.browser();
    await admin.post(signInPath, ada);
    await setRole(ada.email, 'admin');
  });

  it('sets the password of somebody below, once, and proves no mailbox', async () => {
    const answer = await issue(graceId);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        url: expect.stringMatching(/^http:\/\/house\.example\/reset#[\w-]{43}$/),
        expiresAt: new Date(house.time.now + 24 * 60 * minute).toISOString(),
      },
    });
    const secret = new URL(answer.body.url).hash.slice(1);
    expect((await reset(secret)).status).toBe(204);
    expect(await reset(secret)).toMatchObject(invalid);
    const browser = house.browser();
    await browser.post(signInPath, { ...grace, password });
    expect((await browser.get('/api/account/email')).body.verified).toBe(false);
    const [row] = await auditOf('reset_link_issued');
    expect(row).toMatchObject({ actor: (await admin.get('/api/account')).body.id, subject: graceId });
    expect(JSON.stringify(row)).not.toContain(secret);
  });

  it.each<[Role, Role]>([
    ['admin', 'admin'],
    ['admin', 'owner'],
    ['moderator', 'member'],
    ['member', 'member'],
  ])('is not for an %s to make for an %s', async (actor, subject) => {
    expect((await issue(graceId)).status).toBe(201);
    await setRole(ada.email, actor);
    await setRole(grace.email, subject);
    expect(await issue(graceId)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('is for nobody to make for themselves, for nobody, for the banned, or signed out', async () => {
    expect((await issue(graceId)).status).toBe(201);
    const own = (await admin.get('/api/account')).body.id;
    expect(await issue(own)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await issue('nobody')).toMatchObject({ status: 404, body: { code: 'person_not_found' } });
    expect(await issue(graceId, house.browser())).toMatchObject({ status: 401 });
    await house.sql(`UPDATE user SET bannedAt = 1 WHERE id = '${graceId}'`);
    expect(await issue(graceId)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it('asks an admin who signed in long ago to confirm it', async () => {
    expect((await issue(graceId)).status).toBe(201);
    house.time.now += 11 * minute;
    expect(await issue(graceId)).toMatchObject({ status: 403, body: { code: 'confirmation_required' } });
    await admin.post('/api/auth/confirm', { password: ada.password });
    expect((await issue(graceId)).status).toBe(201);
  });
});
