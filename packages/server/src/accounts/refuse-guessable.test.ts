import { describe, expect, it } from 'vitest';
import { MailBox, secretIn } from '../../test/mail-box.ts';
import { openAccounts } from '../../test/open-accounts.ts';
import { readConfig } from '../config.ts';
import { refuseGuessable } from './refuse-guessable.ts';

const known = { houseName: 'Difference Engine', name: 'Ada Byron', email: 'a.lovelace@private.example' };
const accepts = async (password: string) => {
  try {
    await refuseGuessable(password, known);
    return true;
  } catch (refusal) {
    expect(refusal).toMatchObject({ code: 'invalid_field', field: 'password' });
    return false;
  }
};

describe('an easily guessed password', () => {
  it('is one that many people use, whatever its capitals', async () => {
    expect(await accepts('correct horse battery')).toBe(true);
    for (const common of ['password', 'PassWord', 'qwertyuiop', '1234567890', 'password123', 'iloveyou']) {
      expect(await accepts(common), common).toBe(false);
    }
  });

  it('is one of hardly more than words that everybody knows', async () => {
    expect(await accepts('byron reads by candle light')).toBe(true);
    expect(await accepts('the engine of my dreams')).toBe(true);
    const words = ['Parlour2026', 'p-a-r-l-o-u-r!!', 'adabyron', 'Byron, Ada 1815', 'a.lovelace@private.example'];
    for (const guess of [...words, 'ALovelace1815', 'difference engine', 'engine.engine']) {
      expect(await accepts(guess), guess).toBe(false);
    }
  });

  it('may be of any characters, with none demanded, and in any script', async () => {
    for (const password of ['aaaaabbbbbcccccc', '!!!!!!!!!!!!', '🐎🔋📎🐎🔋📎🐎🔋', 'правильнаялошадь']) {
      expect(await accepts(password), password).toBe(true);
    }
  });
});

describe('where a password is set', () => {
  const ada = { name: 'Ada', email: 'ada@private.example', password: 'analytical engine' };
  const refused = { status: 422, body: { code: 'invalid_field', field: 'password' } };

  it('an easily guessed one is refused beside its field, at sign-up and at a change', async () => {
    const house = await openAccounts({ signUp: 'open' });
    const browser = house.browser();
    const signUp = (password: string) => browser.post('/api/auth/sign-up/email', { ...ada, password });
    const change = (password: string) => browser.post('/api/account/password', { current: ada.password, password });

    expect(await signUp('password123')).toMatchObject(refused);
    expect((await signUp(ada.password)).status).toBe(200);
    expect(await change('ada1ada2')).toMatchObject(refused);
    expect((await house.browser().post('/api/auth/sign-in/email', ada)).status).toBe(200);
    expect((await change('a new pass phrase')).status).toBe(204);
    await house.close();
  });

  it('it is refused at a reset too, and uses no link up', async () => {
    const box = await MailBox.open();
    const house = await openAccounts({ signUp: 'open', mail: readConfig(box.environment).mail });
    const browser = house.browser();
    await browser.post('/api/auth/sign-up/email', ada);
    await box.next(ada.email);
    await browser.post('/api/auth/reset/request', { email: ada.email });
    const secret = secretIn(await box.next(ada.email));
    const reset = (password: string) => browser.post('/api/auth/reset', { secret, password });

    expect(await reset('password123')).toMatchObject(refused);
    expect((await reset('a new pass phrase')).status).toBe(204);
    await house.close();
    await box.stop();
  });
});
