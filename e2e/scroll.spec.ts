import type { Room } from '@parlour/protocol/rooms';
import type { Locator } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import type { Person } from './person.ts';
import { RoomPage } from './room-page.ts';

/** `Word 00.` and so on. In turns, because each person may send only so many at once. */
async function fill(room: Room, people: readonly Person[], count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await people[index % people.length]?.say(room, `Word ${String(index).padStart(2, '0')}.`);
  }
}

async function placeOf(locator: Locator): Promise<number> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('It is not on the page.');
  return Math.round(box.y);
}

test('A6: at the end the page follows; elsewhere the place is kept and says how much is new', async ({ enter }) => {
  const [ada, grace, linus] = [await enter('Ada'), await enter('Grace'), await enter('Linus')];
  const room = await ada.createRoom('lobby');
  await Promise.all([grace.join(room), linus.join(room)]);
  await fill(room, [ada, grace, linus], 75);
  const lobby = await RoomPage.open(ada.page, room);
  await expect(lobby.message('Word 74.')).toBeInViewport();

  await grace.say(room, 'Follow me.');
  await expect(lobby.message('Follow me.')).toBeInViewport({ ratio: 1 });

  await lobby.log.hover();
  await ada.page.mouse.wheel(0, -500);
  await lobby.hasScrolled(() => 500);
  await expect(lobby.message('Follow me.')).not.toBeInViewport();
  const kept = lobby.message('Word 65.');
  await expect(kept).toBeInViewport();
  const place = await placeOf(kept);
  await grace.say(room, 'While you read, one.');
  await expect(ada.page.getByRole('button', { name: '1 new message' })).toBeVisible();
  await grace.say(room, 'While you read, two.');
  const newer = ada.page.getByRole('button', { name: '2 new messages' });
  await expect(newer).toBeVisible();
  expect(await placeOf(kept)).toBe(place);

  await newer.click();
  await expect(lobby.message('While you read, two.')).toBeInViewport({ ratio: 1 });
  await expect(newer).toBeHidden();
});

test('A6: older pages load as one comes near them, and keep the place', async ({ enter }) => {
  const [ada, grace, linus] = [await enter('Ada'), await enter('Grace'), await enter('Linus')];
  const room = await ada.createRoom('lobby');
  await Promise.all([grace.join(room), linus.join(room)]);
  await fill(room, [ada, grace, linus], 75);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await ada.page.route('**/messages?before=*', async (route) => {
    await held;
    await route.continue();
  });
  const lobby = await RoomPage.open(ada.page, room);
  await expect(lobby.message('Word 00.')).toHaveCount(0);

  // At once, because a scroll that is still under way has no place to keep.
  await lobby.log.evaluate((log) => log.scrollTo({ top: -log.scrollHeight, behavior: 'instant' }));
  await expect(lobby.log.getByText('Loading earlier messages')).toBeVisible();
  const kept = lobby.messages.first();
  await expect(kept).toBeInViewport();
  const text = /Word \d\d\./.exec((await kept.textContent()) ?? '')?.[0] ?? '';
  const place = await placeOf(kept);
  release();

  await expect(lobby.message('Word 00.')).toHaveCount(1);
  await expect(lobby.log.getByText('Loading earlier messages')).toHaveCount(0);
  expect(Math.abs((await placeOf(lobby.message(text))) - place)).toBeLessThanOrEqual(1);
  await lobby.shows(Array.from({ length: 75 }, (_, index) => `Word ${String(index).padStart(2, '0')}.`));
  await expect(lobby.log).toContainText('This is where lobby begins.');
});
