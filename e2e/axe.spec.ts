import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixtures.ts';
import { networkFaults } from './page-faults.ts';
import { settle } from './person.ts';
import { refuseNextSend } from './refused-send.ts';
import { RoomPage } from './room-page.ts';

test.describe.configure({ timeout: 120_000 });

test('axe: front page, sign-in and sign-up, with and without errors', async ({ open, faults }) => {
  faults.expect(networkFaults);
  const page = await (await open()).newPage();
  for (const path of ['/', '/sign-in', '/sign-up']) {
    await page.goto(path);
    await settle(page);
    await expectAccessible(page, path);
  }
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(page.locator('[aria-invalid="true"]')).toHaveCount(3);
  await expectAccessible(page, 'sign-up with errors');
});

test('axe: claiming a house, and a house that takes nobody', async ({ build, open }) => {
  const house = await build({ PARLOUR_SIGN_UP: 'closed' });
  const page = await (await open({ house })).newPage();
  for (const path of [new URL(house.claimUrl).pathname, '/sign-up']) {
    await page.goto(path);
    await settle(page);
    await expectAccessible(page, path);
  }
});

test('axe: an invite, signed out and signed in, and one that does not work', async ({ enter, open, faults }) => {
  faults.expect(networkFaults);
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const { url } = await ada.invite(await ada.createRoom('designers', { private: true }));
  const page = await (await open()).newPage();
  await page.goto(url);
  await settle(page);
  await expectAccessible(page, 'invite, signed out');
  await grace.visit(url);
  await expectAccessible(grace.page, 'invite, signed in');
  await page.goto('/join/no-such-code');
  await settle(page);
  await expectAccessible(page, 'invite that does not work');
});

test('axe: the rooms, first run, find a room, a room one is not in', async ({ build, enter }) => {
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const [ada, grace] = [await enter('Ada', { house }), await enter('Grace', { house })];
  const { page } = ada;
  await ada.visit('/rooms');
  await expectAccessible(page, 'rooms');
  await ada.visit('/rooms/find');
  await expectAccessible(page, 'find a room');
  const room = await grace.createRoom('lobby');
  await ada.visit(`/rooms/${room.id}`);
  await expectAccessible(page, 'a room that one is not in');
  await ada.visit('/rooms');
  await ada.join(room);
  await grace.say(room, 'News.');
  await expect(page.getByRole('link', { name: /1 message/ })).toBeVisible();
  await expectAccessible(page, 'rooms with news');
});

test('axe: a room empty, with messages, with pending and failed ones', async ({ enter, faults }) => {
  faults.expect(networkFaults);
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const { page } = ada;
  const room = await ada.createRoom('lobby');
  await refuseNextSend(page, 'Not just now.');
  const lobby = await RoomPage.open(page, room);
  await expectAccessible(page, 'empty room');

  await grace.join(room);
  await grace.say(
    room,
    'Have a look at https://example.org/a-rather-long-address/that-goes-on-and-on/without-any-space-in-it-at-all',
  );
  await grace.say(room, 'And again.');
  await ada.say(room, `A long word: ${'m'.repeat(200)}`);
  const graceRoom = await RoomPage.open(grace.page, room);
  await expect(lobby.here).toContainText('Grace');
  await lobby.say('Refused.');
  await expect(lobby.message('Refused.').getByRole('button', { name: 'Try again' })).toBeVisible();
  await graceRoom.composer.pressSequentially('I am');
  await expectAccessible(page, 'room with messages');
  await lobby.composer.pressSequentially('@gr');
  await expect(page.getByRole('listbox')).toBeVisible();
  await expectAccessible(page, 'people to mention');

  await lobby.composer.fill('x'.repeat(8_010));
  await expect(page.getByText('10 characters too many')).toBeVisible();
  await expectAccessible(page, 'text that is too long');
  await ada.context.setOffline(true);
  await expect(lobby.offline).toBeVisible();
  await lobby.say('Waiting.');
  await expect(lobby.message('Waiting.')).toContainText('waiting');
  await expectAccessible(page, 'room without a network');
});

test('axe: the dialogs and menus of a room', async ({ enter }) => {
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const { page } = ada;
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  await RoomPage.open(page, room);
  const close = async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog').or(page.getByRole('menu'))).toHaveCount(0);
  };

  await page.getByRole('button', { name: 'Invite people' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make a link' }).click();
  await expect(page.getByLabel('The invite link')).toBeVisible();
  await expectAccessible(page, 'invite dialog');
  await close();

  await page.getByRole('button', { name: 'New room' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make the room' }).click();
  await expect(page.locator('[aria-invalid="true"]')).toBeVisible();
  await expectAccessible(page, 'new room dialog');
  await close();

  await page.getByRole('button', { name: 'Take Grace out of the room' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, 'remove dialog', { widths: [1280] });
  await close();

  await page.getByRole('button', { name: 'More about this room' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await expectAccessible(page, 'room menu', { widths: [1280] });
  await page.getByRole('menuitem', { name: 'Leave this room' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, 'leave dialog');
  await close();

  await page.getByRole('button', { name: 'Settings and sign-out' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await expectAccessible(page, 'own menu', { widths: [1280] });
  await close();

  await page.setViewportSize({ width: 360, height: 800 });
  await page.getByRole('button', { name: 'Members' }).click();
  await expect(page.getByRole('dialog', { name: 'Members' })).toContainText('Grace');
  await expectAccessible(page, 'members on a phone', { widths: [360] });
});

test('axe: posts, one post, its dialogs, writing and editing', async ({ build, enter }) => {
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const ada = await enter('Ada', { house });
  const { page } = ada;
  await ada.visit('/posts');
  await expectAccessible(page, 'no posts');
  const long = 'supercalifragilistic'.repeat(8);
  for (let index = 0; index < 12; index += 1) await ada.write(`Post ${index} ${long}`, `Words.\n\n${long}`);
  const post = await ada.write('A plan', 'For the day.\n\nAnd the night.');
  await ada.visit('/posts');
  await expectAccessible(page, 'posts');
  await ada.visit(`/posts/${post.id}`);
  await expectAccessible(page, 'post');
  await page.getByRole('button', { name: 'Delete this post' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectAccessible(page, 'delete dialog');
  await ada.visit(`/posts/${post.id}/edit`);
  await expectAccessible(page, 'edit post');
  await ada.visit('/posts/new');
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(page.locator('[aria-invalid="true"]')).toHaveCount(2);
  await expectAccessible(page, 'new post with errors');
});

test('axe: settings and errors', async ({ enter, faults }) => {
  faults.expect(networkFaults);
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const { page } = ada;
  await ada.visit('/settings/security');
  await expectAccessible(page, 'signing in');
  await page.getByRole('button', { name: 'Set it up' }).click();
  await expect(page.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();
  await expectAccessible(page, 'setting up two-step sign-in');
  await page.keyboard.press('Escape');
  await ada.visit('/settings/devices');
  await expectAccessible(page, 'devices');
  await ada.visit('/settings');
  await expectAccessible(page, 'settings');
  await page.getByRole('radio', { name: 'Dark' }).check();
  await expectAccessible(page, 'settings, dark by choice', { widths: [1280] });
  const post = await grace.write('A plan', 'For the day.');
  for (const path of ['/nowhere', '/rooms/nosuchroom123456', `/posts/${post.id}/edit`]) {
    await page.goto(path);
    await settle(page);
    await expectAccessible(page, path);
  }
});

test('axe: the people of a house, what can be done about them, a ban', async ({ build, enter }) => {
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const ada = await enter('Ada', { house, claim: house.claimUrl.split('/').at(-1) ?? '' });
  const [grace] = [await enter('Grace', { house }), await enter('Linus', { house })];
  await ada.ask('PUT', `/api/people/${grace.account.id}/ban`, { reason: 'Too loud' });
  const { page } = ada;
  await ada.visit('/house/people');
  await expectAccessible(page, 'people');
  await page.getByRole('button', { name: 'What to do about Linus' }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await expectAccessible(page, 'people, menu');
  await page.getByRole('menuitem', { name: 'Ban' }).click();
  await expect(page.getByRole('dialog', { name: 'Ban Linus?' })).toBeVisible();
  await expectAccessible(page, 'people, ban');
});
