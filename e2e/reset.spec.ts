import type { Page } from '@playwright/test';
import { linkIn, MailBox } from '../packages/server/test/mail-box.ts';
import { expectAccessible } from './accessibility.ts';
import { test as base, expect } from './fixtures.ts';
import type { House } from './house.ts';
import { networkFaults } from './page-faults.ts';
import { settle, signIn } from './person.ts';
import { RoomPage } from './room-page.ts';

/** A house of its own with a real mail server beside it. */
const test = base.extend<{ box: MailBox; mailing: House }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are needed from this pattern.
  box: async ({}, use) => {
    const box = await MailBox.open();
    await use(box);
    await box.stop();
  },
  mailing: async ({ build, box }, use) => {
    await use(await build({ PARLOUR_SIGN_UP: 'open', PARLOUR_NAME: 'Lantern Street', ...box.environment }));
  },
});

const newPassword = 'a new pass phrase';

async function setPassword(page: Page): Promise<void> {
  await page.getByLabel('New password').fill(newPassword);
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByRole('heading', { name: 'Your password is set' })).toBeVisible();
}

test('D9: a forgotten password is set by the link of a mail, and every open page is signed out', async ({
  mailing: house,
  box,
  enter,
  open,
  faults,
}) => {
  faults.expect(networkFaults);
  const ada = await enter('Ada', { house });
  const { email } = ada.account;
  await box.next(email);
  const room = await ada.createRoom('lobby');
  await RoomPage.open(ada.page, room);

  const page = await (await open({ house })).newPage();
  await page.goto('/sign-in');
  await settle(page);
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  await expect(page.getByRole('heading', { name: 'Forgotten password' })).toBeVisible();
  await page.getByLabel('Email').fill(email);
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeFocused();

  const link = linkIn(await box.next(email));
  const asked: string[] = [];
  page.on('request', (request) => asked.push(`${request.url()} ${request.headers()['referer'] ?? ''}`));
  await page.goto(link);
  await expect(page.getByText(email)).toBeVisible();
  // The secret went out in one body, and is in no address any more.
  await expect(page).toHaveURL(`${house.origin}/reset`);
  expect(asked.filter((line) => line.includes(new URL(link).hash.slice(1)) && !line.startsWith(link))).toEqual([]);
  await setPassword(page);

  await expect(ada.page).toHaveURL(/\/sign-in/);
  await expect(ada.page.getByRole('status').filter({ hasText: /password/ })).toBeVisible();
  expect((await box.next(email)).subject).toBe('Your password for Lantern Street was set');
  await page.getByRole('link', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await signIn(page, email, newPassword);
  await expect(page).toHaveURL(/\/rooms/);

  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'This link does not work' })).toBeVisible();
});

test('D9: an address is confirmed by the link of a mail, and another one takes its place', async ({
  mailing: house,
  box,
  enter,
}) => {
  const ada = await enter('Ada', { house });
  const { page } = ada;
  await box.next(ada.account.email);
  await ada.visit('/settings');
  await expect(page.getByText('Not confirmed yet.')).toBeVisible();
  await page.getByRole('button', { name: 'Send me the link' }).click();
  await page.goto(linkIn(await box.next(ada.account.email)));
  await expect(page.getByRole('heading', { name: 'Your address is confirmed' })).toBeVisible();
  await ada.visit('/settings');
  await expect(page.getByText('Not confirmed yet.')).toHaveCount(0);

  await page.getByRole('button', { name: 'Change the address' }).click();
  const dialog = page.getByRole('dialog', { name: 'Change your address' });
  await dialog.getByLabel('New address').fill('countess@example.org');
  await dialog.getByRole('button', { name: 'Send me the link' }).click();
  await expect(page.getByText('countess@example.org takes its place')).toBeVisible();
  expect((await box.next(ada.account.email)).subject).toContain('Another address');
  await page.goto(linkIn(await box.next('countess@example.org')));
  await expect(page.getByText('countess@example.org')).toBeVisible();
  await ada.visit('/settings');
  await expect(page.getByText('countess@example.org')).toBeVisible();
  await expect(page.getByText('takes its place')).toHaveCount(0);
});

test('A2: an invite is mailed from its dialog', async ({ mailing: house, box, enter, open }) => {
  const ada = await enter('Ada', { house });
  const room = await ada.createRoom('designers', { private: true });
  await RoomPage.open(ada.page, room);
  await ada.page.getByRole('button', { name: 'Invite people' }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'Invite to designers' });
  await dialog.getByLabel('Mail it to').fill('grace at example.org');
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  await expect(dialog.getByLabel('Mail it to')).toBeFocused();
  await expect(dialog.getByLabel('Mail it to')).toHaveAccessibleDescription('This is not an email address.');
  await dialog.getByLabel('Mail it to').fill('grace@example.org');
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  await expect(dialog.getByText('on its way to grace@example.org')).toBeVisible();
  const mail = await box.next('grace@example.org');
  expect(mail.subject).toBe('Ada invites you to designers');
  const page = await (await open({ house })).newPage();
  await page.goto(linkIn(mail));
  await expect(page.getByRole('heading', { name: 'designers' })).toBeVisible();
});

test('D9: without mail, an admin makes the link and hands it over', async ({ build, enter, open, faults }) => {
  faults.expect(networkFaults);
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const ada = await enter('Ada', { house, claim: house.claimUrl.split('/').at(-1) ?? '' });
  const grace = await enter('Grace', { house });
  const page = await (await open({ house })).newPage();
  await page.goto('/forgot');
  await settle(page);
  await expect(page.getByText('Ask an admin')).toBeVisible();
  await expect(page.getByRole('textbox')).toHaveCount(0);

  await ada.visit('/house/people');
  await expect(ada.page.getByRole('button', { name: 'What to do about Ada' })).toHaveCount(0);
  await ada.page.getByRole('button', { name: 'What to do about Grace' }).click();
  await ada.page.getByRole('menuitem', { name: 'Make a link for a new password' }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'A new password for Grace' });
  await expect(dialog).toBeVisible();
  await expectAccessible(ada.page, 'link dialog');
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  const link = await dialog.getByLabel('The link').inputValue();
  await expectAccessible(ada.page, 'link dialog with its link');

  await page.goto(link);
  await setPassword(page);
  await expect(
    grace.page
      .context()
      .request.get('/api/account')
      .then((answer) => answer.status()),
  ).resolves.toBe(403);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await signIn(page, grace.account.email, newPassword);
  await expect(page).toHaveURL(/\/rooms/);
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'This link does not work' })).toBeVisible();
});

test('axe: asking for a new password, setting it, and a link that does not work', async ({
  mailing: house,
  box,
  enter,
  open,
  faults,
}) => {
  test.setTimeout(120_000);
  faults.expect(networkFaults);
  const ada = await enter('Ada', { house });
  await box.next(ada.account.email);
  const page = await (await open({ house })).newPage();
  await page.goto('/forgot');
  await settle(page);
  await expectAccessible(page, 'forgot');
  await page.getByLabel('Email').fill(ada.account.email);
  await page.getByRole('button', { name: 'Send me a link' }).click();
  await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
  await expectAccessible(page, 'asked');
  await page.goto(linkIn(await box.next(ada.account.email)));
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.locator('[aria-invalid="true"]')).toHaveCount(1);
  await expectAccessible(page, 'reset with an error');
  await setPassword(page);
  await expectAccessible(page, 'reset, done');
  await page.goto('/reset#no-such-link');
  await expect(page.getByRole('heading', { name: 'This link does not work' })).toBeVisible();
  await expectAccessible(page, 'reset by a dead link');
});

test('axe: confirming an address, and a link that does not work', async ({
  mailing: house,
  box,
  enter,
  open,
  faults,
}) => {
  test.setTimeout(120_000);
  faults.expect(networkFaults);
  const [ada, grace] = [await enter('Ada', { house }), await enter('Grace', { house })];
  const verify = linkIn(await box.next(ada.account.email));
  const page = await (await open({ house })).newPage();
  await grace.visit('/settings');
  await expectAccessible(grace.page, 'settings, not confirmed');
  await grace.page.getByRole('button', { name: 'Change the address' }).click();
  await expect(grace.page.getByRole('dialog')).toBeVisible();
  await expectAccessible(grace.page, 'address dialog');
  const proof = linkIn(await box.next(grace.account.email));
  await page.goto(proof);
  await expect(page.getByRole('heading', { name: 'Sign in first' })).toBeVisible();
  await expectAccessible(page, 'verify without a login');
  await grace.page.goto(verify);
  await expect(grace.page.getByRole('heading', { name: 'This link does not work' })).toBeVisible();
  await expectAccessible(grace.page, 'verify by a dead link');
  await grace.page.goto(proof);
  await expect(grace.page.getByRole('heading', { name: 'Your address is confirmed' })).toBeVisible();
  await expectAccessible(grace.page, 'verified');
});
