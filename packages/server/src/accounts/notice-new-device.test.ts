import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MailBox } from '../../test/mail-box.ts';
import { type AccountsHouse, openAccounts } from '../../test/open-accounts.ts';
import { readConfig } from '../config.ts';

const ada = { name: 'Ada', email: 'ada@private.example', password: 'analytical engine' };
const day = 24 * 60 * 60 * 1_000;
const system = '(X11; Linux x86_64)';
const firefox = (version: number) => `Mozilla/5.0 ${system} Gecko/20100101 Firefox/${version}.0`;
const chrome = `Mozilla/5.0 ${system} AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36`;

let box: MailBox;
let house: AccountsHouse;
beforeEach(async () => {
  box = await MailBox.open();
  house = await openAccounts({ signUp: 'open', name: 'Lantern Street', mail: readConfig(box.environment).mail });
  await house.browser({ 'user-agent': firefox(140) }).post('/api/auth/sign-up/email', ada);
  await box.next(ada.email);
});
afterEach(async () => {
  await house.close();
  await box.stop();
});

const signIn = (userAgent: string, password = ada.password) =>
  house.browser({ 'user-agent': userAgent }).post('/api/auth/sign-in/email', { ...ada, password });

describe('a login from a new device', () => {
  it('is told by mail, with when, browser, system, address and what to do', async () => {
    expect((await signIn(chrome)).status).toBe(200);
    const mail = await box.next(ada.email);
    expect(mail.subject).toBe('A new device signed in to Lantern Street');
    for (const words of [
      'When: 5 January 2026 at 09:00 (UTC)',
      'Browser: Chrome',
      'System: Linux',
      'Address: 192.0.2.1',
      'http://house.example/settings/devices',
    ]) {
      expect(mail.text).toContain(words);
    }
  });

  it('is told once: neither the first one, nor a known one, nor a newer version of it', async () => {
    await signIn(firefox(141));
    await signIn(chrome);
    await box.next(ada.email);
    await signIn(chrome);
    await signIn(firefox(140));
    await signIn(chrome, 'a wrong guess');
    await signIn('a third one');
    expect((await box.next(ada.email)).text).toContain('Unknown browser');
    expect(box.received).toEqual([]);
  });

  it('is new again after 90 days without a use', async () => {
    house.time.now += 89 * day;
    await signIn(firefox(140));
    house.time.now += 91 * day;
    await signIn(firefox(150));
    expect((await box.next(ada.email)).text).toContain('Browser: Firefox');
    expect(box.received).toEqual([]);
  });
});
