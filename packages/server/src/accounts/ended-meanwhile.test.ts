import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';
import type { TestBrowser } from '../../test/test-browser.ts';
import { offerRegistration } from '../passkeys/register-passkey.ts';
import type { Caller } from './caller.ts';
import { changeEmail } from './change-email.ts';
import { PasswordHash } from './password-hash.ts';
import { type SecondStep, signIn } from './sign-in.ts';

const ada = { name: 'Ada', email: 'ada@private.example', password: 'analytical engine' };

let house: AccountsHouse;
let browser: TestBrowser;
beforeEach(async () => {
  house = await openAccounts({ signUp: 'open' });
  browser = house.browser();
  await browser.post('/api/auth/sign-up/email', ada);
});
afterEach(() => house.close());

const from = { headers: new Headers(), clientAddress: '192.0.2.7' };
const refusal = (code: string) => expect.objectContaining({ code });
const findAda = async () => {
  const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  return (await house.accounts.findCaller(new Headers({ cookie }))) as Caller;
};
const countSessions = async () => (await house.db.kysely.selectFrom('session').select('id').execute()).length;

describe('a request that was under way', () => {
  /** Signs in with the right password; `meanwhile` happens while it is being hashed. */
  const enter = async (meanwhile: () => Promise<unknown>, step?: SecondStep) => {
    const { ground, attempts } = house.accounts;
    const passwords = new PasswordHash();
    passwords.verify = () => meanwhile().then(() => true);
    return await signIn({ ...ground, attempts, passwords, beginSecondStep: async () => step }, ada, from);
  };
  const changePassword = () => house.sql("UPDATE passwords SET hash = 'another'");

  it('opens no session by a password that was changed meanwhile (D7)', async () => {
    expect(await enter(async () => undefined)).toMatchObject({ user: { email: ada.email } });
    const before = await countSessions();
    await expect(enter(changePassword)).rejects.toEqual(refusal('wrong_credentials'));
    expect(await countSessions()).toBe(before);
  });

  it('begins no second step by a password that was changed meanwhile (D7)', async () => {
    const step = { stepCookie: 'a step' };
    expect(await enter(async () => undefined, step)).toBe(step);
    await expect(enter(changePassword, step)).rejects.toEqual(refusal('wrong_credentials'));
  });

  it('is offered no passkey where the account is closed meanwhile', async () => {
    const deps = {
      ...house.accounts.ground,
      attempts: house.accounts.attempts,
      houseName: 'Parlour',
      providers: new Map(),
    };
    const offer = (caller: Caller) => offerRegistration({ ...deps, origin: () => 'http://house.example' }, caller);
    const caller = await findAda();
    expect(await offer(caller)).toMatchObject({ handle: expect.any(String) });
    await house.sql('DELETE FROM user');
    await expect(offer(caller)).rejects.toEqual(refusal('not_authenticated'));
  });

  it('leaves nothing behind that outlives the login which was ended meanwhile (D7)', async () => {
    const caller = await findAda();
    const { ground } = house.accounts;
    const deps = { ...ground, mailLimit: ground.limits.mail, accountLimit: ground.limits.account };
    const change = (email: string) => changeEmail({ ...deps, passwords: new PasswordHash() }, caller, { email }, from);
    expect(await change('ada@other.example')).toMatchObject({ email: 'ada@other.example' });
    await house.sql('DELETE FROM session');
    await expect(change('eve@other.example')).rejects.toEqual(refusal('not_authenticated'));
    expect(await house.db.kysely.selectFrom('user').select('email').execute()).toEqual([
      { email: 'ada@other.example' },
    ]);
  });
});
