import { expect, test } from './fixtures.ts';
import { settle } from './person.ts';
import { RoomPage } from './room-page.ts';

test('on a phone the room is the page, and the list is one step back', async ({ enter }) => {
  const ada = await enter('Ada', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const { page } = ada;
  const room = await ada.createRoom('lobby');
  for (let index = 0; index < 25; index += 1) await ada.say(room, `Word ${index}.`);
  await ada.visit('/rooms');
  const rail = page.getByRole('navigation', { name: 'Rooms and pages' });
  await rail.getByRole('link', { name: 'lobby' }).tap();

  const lobby = new RoomPage(page, 'lobby');
  await expect(lobby.message('Word 24.')).toBeInViewport();
  await expect(rail).toBeHidden();
  await expect(lobby.composer).toBeInViewport({ ratio: 1 });
  await lobby.composer.tap();
  await expect(lobby.composer).toBeFocused();
  await page.keyboard.type('From the train.');
  await page.getByRole('button', { name: 'Send' }).tap();
  await expect(lobby.message('From the train.')).toBeInViewport();
  await lobby.hasNothingPending();

  await page.getByRole('button', { name: 'Members' }).tap();
  const members = page.getByRole('dialog', { name: 'Members' });
  await expect(members.getByRole('region', { name: 'Here now' })).toContainText('Ada');
  await members.getByRole('button', { name: 'Close' }).tap();
  await expect(members).toBeHidden();

  await page.getByRole('link', { name: 'Back to the rooms' }).tap();
  await expect(rail).toBeVisible();
  await expect(page).toHaveURL('/rooms');
});

test('on a phone what one can touch is at least 44 px', async ({ enter }) => {
  const ada = await enter('Ada', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  const room = await ada.createRoom('lobby');
  const post = await ada.write('A plan', 'For the day.');
  for (const path of [
    '/rooms',
    `/rooms/${room.id}`,
    '/rooms/find',
    '/posts',
    `/posts/${post.id}`,
    '/posts/new',
    '/settings',
    '/settings/security',
    '/settings/devices',
    '/settings/tokens',
    '/settings/history',
  ]) {
    await ada.page.goto(path);
    await settle(ada.page);
    expect.soft(await ada.page.evaluate(listSmallTargets), path).toEqual([]);
  }
});

/** What is too small for a finger. Links within text are as high as their line, and the composer's box takes its touches. */
function listSmallTargets(): string[] {
  const targets = 'a, button, input:not([type=checkbox], [type=radio]), select, label:has(input)';
  return [...document.querySelectorAll<HTMLElement>(targets)]
    .filter((element) => element.checkVisibility() && element.closest('p, dl, h2') === null)
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && box.right > 0 && box.bottom > 0 && Math.min(box.width, box.height) < 43.5)
    .map(({ element, box }) => `${element.outerHTML.slice(0, 120)} ${box.width}×${box.height}`);
}

test('enlarged to 400 %, the composer and every dialog and menu are within reach', async ({ build, enter }) => {
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const ada = await enter('Ada', { house, claim: house.claimUrl.split('/').at(-1) ?? '' });
  await enter('Grace', { house });
  const { page } = ada;
  const room = await ada.createRoom('Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen');
  await page.setViewportSize({ width: 320, height: 256 });
  await ada.visit(`/rooms/${room.id}`);
  await page.getByRole('textbox').fill('A line.\n'.repeat(30));
  await expect(page.getByRole('button', { name: 'Send' })).toBeInViewport({ ratio: 1 });
  await page.getByRole('button', { name: 'More about this room' }).click();
  await page.getByRole('menuitem', { name: 'Invite people' }).click();
  const make = page.getByRole('dialog').getByRole('button', { name: 'Make a link' });
  await make.focus();
  await expect(make).toBeInViewport({ ratio: 1 });
  await page.keyboard.press('Escape');

  await ada.visit('/house/people');
  await page.getByRole('button', { name: 'What to do about Grace' }).click();
  await expect(page.getByRole('menu')).toBeFocused();
  await page.keyboard.press('Home');
  const first = page.getByRole('menuitem', { name: 'Make an admin' });
  await expect(first).toBeFocused();
  await expect(first).toBeInViewport({ ratio: 1 });
});
