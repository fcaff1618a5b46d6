import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { RoomPage } from './room-page.ts';

type Ears = { tones: number };

/** Counts the tones that start, and lets the page believe that the reader looks elsewhere. */
async function listen(
  page: Page,
): Promise<{ tones(): Promise<number>; lookAway(): Promise<void>; lookBack(): Promise<void> }> {
  await page.addInitScript(() => {
    const ears: Ears = { tones: 0 };
    Object.assign(window, { ears });
    const { start } = AudioScheduledSourceNode.prototype;
    AudioScheduledSourceNode.prototype.start = function (...times: Parameters<typeof start>) {
      ears.tones += 1;
      start.apply(this, times);
    };
  });
  const look = (hasFocus: boolean) =>
    page.evaluate((focused) => {
      document.hasFocus = () => focused;
      window.dispatchEvent(new Event(focused ? 'focus' : 'blur'));
    }, hasFocus);
  return {
    tones: () => page.evaluate(() => (window as unknown as { ears: Ears }).ears.tones),
    lookAway: () => look(false),
    lookBack: () => look(true),
  };
}

test('A7: a sound when the page has no focus, none when it has, and a switch that keeps it off', async ({ enter }) => {
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  const ears = await listen(ada.page);
  const lobby = await RoomPage.open(ada.page, room);
  // Browsers let a page sound only after somebody has used it.
  await lobby.say('I am listening.');
  await lobby.hasNothingPending();

  await grace.say(room, 'With focus.');
  await expect(lobby.message('With focus.')).toBeVisible();
  expect(await ears.tones()).toBe(0);

  await ears.lookAway();
  await grace.say(room, 'Without focus.');
  await expect.poll(ears.tones).toBeGreaterThan(0);

  await ada.visit('/settings');
  await ada.page.getByRole('switch', { name: 'Sound' }).uncheck();
  const quiet = await RoomPage.open(ada.page, room);
  await quiet.say('I am not.');
  await ears.lookAway();
  await grace.say(room, 'In silence.');
  await expect(quiet.message('In silence.')).toBeVisible();
  await quiet.say('Still here.');
  await quiet.hasNothingPending();
  expect(await ears.tones()).toBe(0);
});

test('A7: a browser that refuses to play is left alone', async ({ enter }) => {
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  const ears = await listen(ada.page);
  await ada.page.addInitScript(() => {
    Object.defineProperty(AudioContext.prototype, 'state', { get: () => 'suspended' });
    AudioContext.prototype.resume = () => Promise.reject(new DOMException('Not without a gesture.', 'NotAllowedError'));
  });
  const lobby = await RoomPage.open(ada.page, room);
  await ears.lookAway();
  await grace.say(room, 'Can you hear me?');
  await expect(lobby.message('Can you hear me?')).toBeVisible();
  await lobby.say('No, but I can read you.');
  await lobby.hasNothingPending();
  expect(await ears.tones()).toBe(0);
});
