import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { holdScripts } from './held-scripts.ts';
import { networkFaults } from './page-faults.ts';
import { Person, settle } from './person.ts';
import { refuseNextSend } from './refused-send.ts';
import { RoomPage } from './room-page.ts';

/** Presses Tab until something is reached, as those do who have no mouse. */
async function tabTo(page: Page, name: RegExp | string, role: 'button' | 'link' | 'textbox' | 'switch'): Promise<void> {
  const wanted = page.getByRole(role, { name });
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (
      await wanted
        .first()
        .evaluate((element) => element === document.activeElement)
        .catch(() => false)
    )
      return;
  }
  throw new Error(`Tab does not lead to ${role} ${name}.`);
}

test('by keyboard alone: skip link, a new room, talking, dialogs that Escape closes', async ({ enter }) => {
  const ada = await enter('Ada');
  const { page } = ada;
  await ada.visit('/rooms');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();

  await page.reload();
  await ada.visit('/rooms');
  await tabTo(page, 'New room', 'button');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'New room' });
  await expect(dialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('button', { name: 'New room' })).toBeFocused();

  await page.keyboard.press('Enter');
  await expect(dialog).toBeVisible();
  await expect(dialog.locator(':focus')).toBeVisible();
  // The focus stays inside as long as the dialog is open.
  for (let presses = 0; presses < 8; presses += 1) {
    await page.keyboard.press('Tab');
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  }
  await dialog.getByRole('textbox', { name: 'Name' }).focus();
  await page.keyboard.type('lobby');
  await page.keyboard.press('Enter');
  const lobby = new RoomPage(page, 'lobby');
  await lobby.isLive();

  await expect(lobby.composer).toBeFocused();
  await page.keyboard.type('One line,');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('and another.');
  await page.keyboard.press('Enter');
  await lobby.hasNothingPending();
  await expect(lobby.message('and another.')).toContainText('One line,');
  await expect(lobby.composer).toBeFocused();
  await page.keyboard.type('A second message.');
  await page.keyboard.press('Enter');
  await lobby.shows(['and another.', 'A second message.']);
});

test('by keyboard alone: the room’s tools, its menu and the log', async ({ enter }) => {
  const ada = await enter('Ada');
  const { page } = ada;
  const room = await ada.createRoom('lobby');
  for (let index = 0; index < 25; index += 1) await ada.say(room, `Word ${index}.`);
  const lobby = await RoomPage.open(page, room);

  await page.getByRole('main').focus();
  await tabTo(page, 'Invite people', 'button');
  await page.keyboard.press('Enter');
  const invite = page.getByRole('dialog', { name: 'Invite to lobby' });
  await expect(invite).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(invite).toBeHidden();
  await expect(page.getByRole('button', { name: 'Invite people' })).toBeFocused();

  await tabTo(page, 'More about this room', 'button');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'Invite people' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Leave this room' })).toBeFocused();
  await page.keyboard.press('Enter');
  const leave = page.getByRole('dialog', { name: 'Leave lobby?' });
  await expect(leave).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(leave).toBeHidden();

  await expect(page.getByRole('button', { name: 'More about this room' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(lobby.log).toBeFocused();
  await page.keyboard.press('Home');
  await expect(lobby.message('Word 0.')).toBeInViewport();
  await page.keyboard.press('End');
  await expect(lobby.message('Word 24.')).toBeInViewport();
});

test('by keyboard alone: the script of a room takes the focus from nobody who came before it', async ({ enter }) => {
  const ada = await enter('Ada');
  const { page } = ada;
  const room = await ada.createRoom('lobby');
  const letGo = await holdScripts(page);
  await page.goto(`/rooms/${room.id}`, { waitUntil: 'commit' });
  const newRoom = page.getByRole('button', { name: 'New room' });
  await newRoom.focus();
  letGo();
  await settle(page);
  await expect(new RoomPage(page, 'lobby').here).toBeVisible();
  await expect(newRoom).toBeFocused();
});

test('a screen reader hears new messages: the log is one, and says what came', async ({ enter }) => {
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  const lobby = await RoomPage.open(ada.page, room);
  await grace.say(room, 'Do you hear me?');
  await expect(lobby.message('Do you hear me?')).toContainText('Grace');
  await grace.say(room, 'I mean you.');
  // Also the second of a group names its author, for those who do not see what it stands under.
  await expect(lobby.message('I mean you.')).toContainText('Grace');
  await expect(lobby.log).toHaveAttribute('aria-busy', 'false');
  await expect(ada.page).toHaveTitle('lobby · Parlour');
});

test('the focus stays near where what had it goes away', async ({ enter, open, faults }) => {
  faults.expect(networkFaults);
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const { page } = ada;
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  for (let index = 0; index < 25; index += 1) await ada.say(room, `Word ${index}.`);
  await refuseNextSend(page, 'Not just now.');
  const lobby = await RoomPage.open(page, room);
  await lobby.say('Refused.');
  await lobby.message('Refused.').getByRole('button', { name: 'Discard' }).press('Enter');
  await expect(lobby.message('Refused.')).toHaveCount(0);
  await expect(lobby.log).toBeFocused();

  await page.keyboard.press('Home');
  await lobby.hasScrolled(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight);
  await grace.say(room, 'News.');
  await page.getByRole('button', { name: '1 new message' }).press('Enter');
  await expect(lobby.message('News.')).toBeInViewport();
  await expect(lobby.log).toBeFocused();

  await page.getByRole('button', { name: 'Take Grace out of the room' }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Take Grace out' }).press('Enter');
  await expect(lobby.away).toHaveCount(0);
  await expect(page.getByRole('complementary', { name: 'Members' }).locator(':focus')).toContainText('Here now');

  await Person.signInAgain(await open(), ada);
  await ada.visit('/settings/devices');
  await page.getByRole('button', { name: /^Sign out Chrome/ }).press('Enter');
  await page.getByRole('dialog').getByRole('button', { name: 'Sign it out' }).press('Enter');
  await expect(page.getByText('You are signed in nowhere else.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Where you are signed in' })).toBeFocused();
});
