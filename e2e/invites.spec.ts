import { expect, test } from './fixtures.ts';
import { holdScripts } from './held-scripts.ts';
import { networkFaults } from './page-faults.ts';
import { settle, signIn } from './person.ts';
import { RoomPage } from './room-page.ts';

test('A2, C5: who has an account is led through signing in and back to the invite', async ({ enter, open, house }) => {
  const ada = await enter('Ada');
  const room = await ada.createRoom('designers', { private: true });
  const { url } = await ada.invite(room);
  const linus = await enter('Linus');
  const page = await (await open()).newPage();

  await page.goto(url);
  await page.getByRole('link', { name: 'Sign in and join' }).click();
  await expect(page).toHaveURL(/\/sign-in\?to=/);
  await signIn(page, linus.account.email);

  await expect(page).toHaveURL(url);
  await settle(page);
  const letGo = await holdScripts(page);
  await page.reload({ waitUntil: 'commit' });
  const join = page.getByRole('button', { name: 'Join as Linus' });
  await expect(join).toBeDisabled();
  letGo();
  await join.click();
  await expect(page).toHaveURL(`${house.origin}/rooms/${room.id}`);
  await new RoomPage(page, 'designers').isLive();
});

test('A2: looking at an invite never uses it up, and one that is used up says so', async ({ enter, open }) => {
  const ada = await enter('Ada');
  const room = await ada.createRoom('designers', { private: true });
  const { url, code } = await ada.ask<{ url: string; code: string }>('POST', `/api/rooms/${room.id}/invites`, {
    maxUses: 1,
  });
  const page = await (await open()).newPage();
  for (const _ of [1, 2, 3]) {
    await page.goto(url);
    await expect(page.getByRole('heading', { name: 'designers' })).toBeVisible();
  }

  const grace = await enter('Grace');
  await grace.ask('POST', `/api/invites/${code}/accept`);

  await page.goto(url);
  await expect(page.getByRole('heading', { name: 'This invite does not work' })).toBeVisible();
});

test('A2: a link that is revoked lets nobody in any more, not even from a page that is open', async ({
  enter,
  open,
  faults,
}) => {
  faults.expect(networkFaults);
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const room = await ada.createRoom('designers', { private: true });
  await RoomPage.open(ada.page, room);
  await ada.page.getByRole('button', { name: 'Invite people' }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'Invite to designers' });
  await dialog.getByLabel('Good for').selectOption('10 people');
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  const url = await dialog.getByLabel('The invite link').inputValue();
  const working = dialog.getByRole('region', { name: 'Links that still work' });
  await expect(working).toContainText('For 10 people, not used yet');

  const linus = await enter('Linus');
  await linus.visit(url);
  await linus.page.getByRole('button', { name: 'Join as Linus' }).click();
  await new RoomPage(linus.page, 'designers').isLive();
  await grace.visit(url);
  await working.getByRole('button', { name: 'Revoke' }).click();
  await expect(working).toHaveCount(0);

  await grace.page.getByRole('button', { name: 'Join as Grace' }).click();
  await expect(grace.page.getByRole('alert').filter({ hasText: 'taken back' })).toBeVisible();
  const page = await (await open()).newPage();
  await page.goto(url);
  await expect(page.getByRole('heading', { name: 'This invite does not work' })).toBeVisible();
  await expect(page.getByText('This invite was taken back. Ask for a new one.', { exact: true })).toBeVisible();
  await expect(page.getByText('designers')).toHaveCount(0);
});

test('A2: a link that is made while the list of links is still on its way is in it', async ({ enter }) => {
  const ada = await enter('Ada');
  const { page } = ada;
  const room = await ada.createRoom('designers', { private: true });
  await RoomPage.open(page, room);
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let state: 'unasked' | 'asked' | 'answered' = 'unasked';
  await page.route('**/invites', async (route) => {
    if (route.request().method() !== 'GET' || state !== 'unasked') return route.continue();
    state = 'asked';
    const response = await route.fetch();
    state = 'answered';
    await held;
    return route.fulfill({ response });
  });
  const look = page.waitForRequest((request) => request.url().endsWith('/invites') && request.method() === 'GET');
  await page.getByRole('button', { name: 'Invite people' }).click();
  await expect.poll(() => state).toBe('answered');
  const dialog = page.getByRole('dialog', { name: 'Invite to designers' });
  await dialog.getByRole('button', { name: 'Make a link' }).click();
  const working = dialog.getByRole('region', { name: 'Links that still work' });
  await expect(working).toContainText('For one person, not used yet');
  letGo();
  await (await (await look).response())?.finished();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await expect(working).toContainText('For one person, not used yet');
});

test('A2: those who were taken out cannot come back by an invite until they are added', async ({ enter, faults }) => {
  faults.expect(networkFaults);
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const room = await ada.createRoom('designers', { private: true });
  const { url, code } = await ada.invite(room);
  await grace.ask('POST', `/api/invites/${code}/accept`);
  await ada.ask('DELETE', `/api/rooms/${room.id}/members/${grace.account.id}`);

  await grace.visit(url);
  await grace.page.getByRole('button', { name: 'Join as Grace' }).click();
  await expect(grace.page.getByRole('alert').filter({ hasText: /removed|taken out/i })).toBeVisible();

  await ada.ask('POST', `/api/rooms/${room.id}/members`, { user: grace.account.id });
  await RoomPage.open(grace.page, room);
});
