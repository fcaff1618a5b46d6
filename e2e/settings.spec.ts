import { expect, test } from './fixtures.ts';
import { holdScripts } from './held-scripts.ts';
import { settle } from './person.ts';
import { RoomPage } from './room-page.ts';

test('a new name is the name that others see from then on, old messages included', async ({ enter }) => {
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  await ada.say(room, 'Said before.');
  const graceRoom = await RoomPage.open(grace.page, room);

  await ada.visit('/settings');
  const name = ada.page.getByLabel('Name');
  await name.fill('   ');
  await ada.page.getByRole('button', { name: 'Save' }).click();
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await name.fill('Countess Ada');
  await ada.page.getByRole('button', { name: 'Save' }).click();
  await expect(ada.page.getByText('Your name is saved.').first()).toBeVisible();
  await expect(ada.page.getByRole('navigation', { name: 'Rooms and pages' })).toContainText('Countess Ada');

  const adaRoom = await RoomPage.open(ada.page, room);
  await adaRoom.say('Said after.');
  await expect(graceRoom.message('Said after.')).toContainText('Countess Ada');
  await grace.page.reload();
  await expect(graceRoom.message('Said before.')).toContainText('Countess Ada');
  await expect(grace.page.getByRole('complementary', { name: 'Members' })).toContainText('Countess Ada');
});

test('what this browser prefers is there from the first paint on', async ({ enter, open }) => {
  const ada = await enter('Ada');
  await ada.visit('/settings');
  await ada.page.getByRole('radio', { name: 'Dark' }).check();
  await ada.page.getByRole('switch', { name: 'Sound' }).uncheck();
  await expect(ada.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const background = await ada.page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

  const plain = await open({ javaScriptEnabled: false, storageState: await ada.context.storageState() });
  const page = await plain.newPage();
  await page.goto('/settings');
  await expect(page.getByRole('switch', { name: 'Sound' })).not.toBeChecked();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await expect(page.locator('html')).toHaveCSS('background-color', background);

  await ada.page.getByRole('radio', { name: 'Light' }).check();
  await expect(ada.page.locator('html')).not.toHaveCSS('background-color', background);
  await ada.page.reload();
  await expect(ada.page.getByRole('radio', { name: 'Light' })).toBeChecked();
});

test('a switch cannot be moved before the script is there, which would take it back', async ({ enter }) => {
  const ada = await enter('Ada');
  const letGo = await holdScripts(ada.page);
  await ada.page.goto('/settings', { waitUntil: 'commit' });
  const [sound, dark] = [
    ada.page.getByRole('switch', { name: 'Sound' }),
    ada.page.getByRole('radio', { name: 'Dark' }),
  ];
  await expect(sound).toBeDisabled();
  await expect(dark).toBeDisabled();
  letGo();
  await sound.uncheck();
  await dark.check();
  await settle(ada.page);
  await expect(sound).not.toBeChecked();
  await expect(dark).toBeChecked();
});
