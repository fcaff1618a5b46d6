import { expect, test } from './fixtures.ts';
import { networkFaults } from './page-faults.ts';
import { Person, password, settle, signIn } from './person.ts';
import { RoomPage } from './room-page.ts';

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0';

test('A9, I7, fault 20: one browser signs the other out, which says so at the door and keeps nothing', async ({
  enter,
  open,
  faults,
}) => {
  faults.expect(networkFaults);
  const ada = await enter('Ada');
  const room = await ada.createRoom('lobby');
  const other = await open({ userAgent: firefox });
  const page = await other.newPage();
  await page.goto('/sign-in');
  await signIn(page, ada.account.email);
  await expect(page).toHaveURL('/rooms');
  const inOther = await RoomPage.open(page, room);
  await inOther.say('Said before.');
  await inOther.hasNothingPending();
  await inOther.composer.fill('A secret draft');
  const second = await RoomPage.open(await other.newPage(), room);

  await ada.visit('/settings/devices');
  const devices = ada.page.getByRole('list', { name: 'Devices' }).getByRole('listitem');
  await expect(devices).toHaveCount(2);
  await expect(devices.first()).toContainText('this one');
  await expect(devices.nth(1)).toContainText('Firefox on Windows');
  await ada.page.getByRole('button', { name: /^Sign out Firefox on Windows/ }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'Sign out Firefox on Windows?' });
  await dialog.getByRole('button', { name: 'Sign it out' }).click();

  for (const one of [page, second.page]) {
    await expect(one).toHaveURL(`/sign-in?to=/rooms/${room.id}`);
    await expect(one.getByRole('status').filter({ hasText: 'You were signed out from another device.' })).toBeVisible();
  }
  const kept = await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
  expect(kept).not.toContain('A secret draft');
  await expect(page.locator('body')).not.toContainText('Said before.');
  await signIn(page, ada.account.email, 'a guess at it');
  await expect(page.getByText('Email and password do not match.')).toBeVisible();
  await expect(page.getByText('You were signed out from another device.')).toHaveCount(0);
  await expect(devices).toHaveCount(1);
  await expect(ada.page.getByText('You are signed in nowhere else.')).toBeVisible();
  expect((await ada.tryTo('GET', '/api/account')).status()).toBe(200);
});

test('A9: all other browsers are signed out at once', async ({ enter, open, faults }) => {
  faults.expect(networkFaults);
  const ada = await enter('Ada');
  const others = [await Person.signInAgain(await open(), ada), await Person.signInAgain(await open(), ada)];
  for (const other of others) await other.visit('/rooms');
  await ada.visit('/settings/devices');
  await ada.page.getByRole('button', { name: 'Sign out everywhere else' }).click();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Sign out the others' }).click();
  await expect(ada.page.getByRole('list', { name: 'Devices' }).getByRole('listitem')).toHaveCount(1);
  for (const other of others) await expect(other.page).toHaveURL(/\/sign-in/);
});

test('changing the password signs the others out, with the reason', async ({ enter, open, faults }) => {
  faults.expect(networkFaults);
  const ada = await enter('Ada');
  const page = await (await open()).newPage();
  await page.goto('/sign-in');
  await signIn(page, ada.account.email);
  await expect(page).toHaveURL('/rooms');
  await settle(page);

  await ada.visit('/settings/security');
  await ada.page.getByLabel('Present password').fill('a guess');
  await ada.page.getByLabel('New password').fill('another horse battery');
  await ada.page.getByRole('button', { name: 'Change the password' }).click();
  await expect(ada.page.getByLabel('Present password')).toHaveAttribute('aria-invalid', 'true');
  await ada.page.getByLabel('Present password').fill(password);
  await ada.page.getByRole('button', { name: 'Change the password' }).click();
  await expect(ada.page.getByText('Your password is changed.').first()).toBeVisible();

  await expect(
    page.getByRole('status').filter({ hasText: 'Your password was changed on another device.' }),
  ).toBeVisible();
  await signIn(page, ada.account.email, 'another horse battery');
  await expect(page).toHaveURL('/rooms');
});

test('who closes the account is gone from everywhere, and their words stay', async ({ enter, open, faults }) => {
  faults.expect(networkFaults);
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  await grace.say(room, 'So long.');
  const elsewhere = await Person.signInAgain(await open(), grace);
  await elsewhere.visit('/rooms');

  await grace.visit('/settings');
  await grace.page.getByRole('button', { name: 'Close my account' }).click();
  await grace.page.getByRole('dialog').getByRole('button', { name: 'Close my account' }).click();
  await expect(grace.page).toHaveURL('/');
  await expect(elsewhere.page.getByRole('status').filter({ hasText: 'This account was closed.' })).toBeVisible();
  const lobby = await RoomPage.open(ada.page, room);
  await expect(lobby.message('So long.')).toContainText('Former member');
});
