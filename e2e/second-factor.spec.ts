import type { Page } from '@playwright/test';
import { TOTP } from 'otpauth';
import { expect, test } from './fixtures.ts';
import { networkFaults } from './page-faults.ts';
import { type Person, signIn } from './person.ts';

/** The app on the phone. A code is worth nothing once it was used, so the second in one step is the next step's. */
class AuthenticatorApp {
  readonly #totp: TOTP;
  #step = 0;

  constructor(secret: string) {
    this.#totp = new TOTP({ secret });
  }

  next(): string {
    this.#step = Math.max(this.#step + 1, this.#totp.counter());
    return this.#totp.generate({ timestamp: this.#step * 30_000 });
  }
}

async function setUp({ page }: Person): Promise<{ app: AuthenticatorApp; codes: string[] }> {
  await page.getByRole('button', { name: 'Set it up' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();
  const typed = await dialog.getByText(/^([A-Z2-7]{4} ?){8}$/).textContent();
  const app = new AuthenticatorApp((typed ?? '').replaceAll(' ', ''));
  await dialog.getByLabel('Code', { exact: true }).fill(app.next());
  await dialog.getByRole('button', { name: 'Turn it on' }).click();
  const list = dialog.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem');
  await expect(list).toHaveCount(10);
  const codes = await list.allTextContents();
  await dialog.getByRole('button', { name: 'I have kept them' }).click();
  await expect(page.getByText('You have 10 recovery codes left')).toBeVisible();
  return { app, codes };
}

async function comeBack(person: Person, page: Page): Promise<void> {
  await person.ask('POST', '/api/auth/sign-out', {});
  await person.visit('/sign-in', page);
  await signIn(page, person.account.email);
  await expect(page.getByRole('heading', { name: 'One more step' })).toBeVisible();
}

test('two-step sign-in is set up on the page, and asks for a code from then on', async ({ enter, faults }) => {
  faults.expect(networkFaults);
  const ada = await enter('Ada');
  const { page } = ada;
  await ada.visit('/settings/security');
  const { app, codes } = await setUp(ada);

  await comeBack(ada, page);
  await expect(page.getByLabel('Code')).toBeFocused();
  expect((await ada.tryTo('GET', '/api/account')).status()).toBe(403);
  await page.getByLabel('Code').fill('12345');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByText('This code is not right, or was used before.')).toBeVisible();
  await page.getByLabel('Code').fill(app.next());
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL('/rooms');

  const [code = ''] = codes;
  await comeBack(ada, page);
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(code.toLowerCase());
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL('/rooms');

  await comeBack(ada, page);
  await page.getByRole('button', { name: 'Use a recovery code' }).click();
  await page.getByLabel('Recovery code').fill(code);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByText('This code is not right, or was used before.')).toBeVisible();
  await page.getByLabel('Recovery code').fill(codes[1] ?? '');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page).toHaveURL('/rooms');

  await ada.visit('/settings/security');
  await expect(page.getByText('You have 8 recovery codes left')).toBeVisible();
  await page.getByRole('button', { name: 'Turn it off' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Code').fill(codes[2] ?? '');
  await dialog.getByRole('button', { name: 'Turn it off' }).click();
  await expect(page.getByRole('button', { name: 'Set it up' })).toBeVisible();
});
