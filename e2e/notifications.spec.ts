import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { RoomPage } from './room-page.ts';

type Shown = { title: string; body: string; tag: string; closed: boolean };

/** Notes each notification that the browser shows, and lets the page believe that the reader looks elsewhere. */
async function watchDesktop(page: Page) {
  await page.addInitScript(() => {
    const shown: { notification: Notification; closed: boolean }[] = [];
    Object.assign(window, { shown });
    const Real = window.Notification;
    window.Notification = class extends Real {
      constructor(title: string, options?: NotificationOptions) {
        super(title, options);
        const entry = { notification: this as Notification, closed: false };
        shown.push(entry);
        const { close } = this;
        this.close = () => {
          entry.closed = true;
          close.call(this);
        };
      }
    };
  });
  return {
    shown: () =>
      page.evaluate<Shown[]>(() =>
        (window as unknown as { shown: { notification: Notification; closed: boolean }[] }).shown.map(
          ({ notification: { title, body, tag }, closed }) => ({ title, body, tag, closed }),
        ),
      ),
    click: () =>
      page.evaluate(() =>
        (window as unknown as { shown: { notification: Notification }[] }).shown
          .at(-1)
          ?.notification.dispatchEvent(new Event('click')),
      ),
    look: (hasFocus: boolean) =>
      page.evaluate((focused) => {
        document.hasFocus = () => focused;
        window.dispatchEvent(new Event(focused ? 'focus' : 'blur'));
      }, hasFocus),
  };
}

test('A7: a notification for each room in which something is said while nobody looks, once it is asked for', async ({
  enter,
}) => {
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const [lobby, kitchen] = [await ada.createRoom('lobby'), await ada.createRoom('kitchen')];
  for (const room of [lobby, kitchen]) await grace.join(room);
  const desktop = await watchDesktop(ada.page);
  const room = await RoomPage.open(ada.page, lobby);
  await desktop.look(false);
  await grace.say(lobby, 'Nobody asked for it.');
  await expect(room.message('Nobody asked for it.')).toBeVisible();
  expect(await desktop.shown()).toEqual([]);

  await ada.context.grantPermissions(['notifications']);
  await ada.visit('/settings');
  await ada.page.getByRole('switch', { name: 'Notifications' }).check();
  await RoomPage.open(ada.page, lobby);
  await grace.say(lobby, 'While you look.');
  await expect(room.message('While you look.')).toBeVisible();
  expect(await desktop.shown()).toEqual([]);

  await desktop.look(false);
  await grace.say(lobby, 'Are you there?');
  await expect
    .poll(desktop.shown)
    .toEqual([{ title: 'Grace in lobby', body: 'Are you there?', tag: `parlour-${lobby.id}`, closed: false }]);
  await grace.say(kitchen, 'Dinner is ready.');
  await expect
    .poll(async () => (await desktop.shown()).at(-1))
    .toEqual({ title: 'kitchen', body: 'One new message', tag: `parlour-${kitchen.id}`, closed: false });

  await desktop.click();
  await expect(ada.page).toHaveURL(new RegExp(`/rooms/${kitchen.id}$`));
  await desktop.look(true);
  await expect.poll(async () => (await desktop.shown()).every(({ closed }) => closed)).toBe(true);
});

test('A7: a browser that allows none keeps the switch off and says so', async ({ enter }) => {
  const ada = await enter('Ada');
  await ada.page.addInitScript(() => {
    Notification.requestPermission = async () => 'denied';
  });
  await ada.visit('/settings');
  const notifications = ada.page.getByRole('switch', { name: 'Notifications' });
  await notifications.click();
  await expect(ada.page.getByText('does not let Parlour show notifications').first()).toBeVisible();
  await expect(notifications).not.toBeChecked();
  await ada.page.reload();
  await expect(notifications).not.toBeChecked();
});
