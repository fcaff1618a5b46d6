import { expect, test } from './fixtures.ts';
import { networkFaults } from './page-faults.ts';
import { password, signIn } from './person.ts';
import { RoomPage } from './room-page.ts';

test('C6, fault 20: signing out in one tab ends the other, with a sentence', async ({ enter, house, faults }) => {
  faults.expect(networkFaults);
  const ada = await enter('Ada');
  const room = await ada.createRoom('lobby');
  await RoomPage.open(ada.page, room);
  const second = await ada.context.newPage();
  const inSecond = await RoomPage.open(second, room);
  await inSecond.composer.fill('Half a word');

  await ada.page.getByRole('button', { name: 'Settings and sign-out' }).click();
  await ada.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(ada.page).toHaveURL('/sign-in');

  await expect(second).toHaveURL(`/sign-in?to=/rooms/${room.id}`);
  await expect(second.getByRole('status').filter({ hasText: /signed out|login has ended/ })).toBeVisible();
  await expect(second.getByText('lobby')).toHaveCount(0);
  expect((await ada.tryTo('GET', '/api/account')).status()).toBe(403);

  await signIn(second, ada.account.email);
  await expect(second).toHaveURL(`${house.origin}/rooms/${room.id}`);
  await new RoomPage(second, 'lobby').isLive();
});

test('fault 20: nobody is signed out by a GET', async ({ enter }) => {
  const ada = await enter('Ada');
  const answer = await ada.tryTo('GET', '/api/auth/sign-out');
  expect([404, 405]).toContain(answer.status());
  expect((await ada.tryTo('GET', '/api/account')).status()).toBe(200);
  expect((await ada.tryTo('POST', '/api/auth/sign-out', {})).ok()).toBe(true);
  expect((await ada.tryTo('GET', '/api/account')).status()).toBe(403);
});

test('D4: each login makes a new session, and the one that this browser held is over', async ({ enter, open }) => {
  const ada = await enter('Ada');
  const sessionOf = async () =>
    (await ada.context.cookies()).find((cookie) => cookie.name.endsWith('session_token'))?.value;
  const before = await ada.context.storageState();
  const first = await sessionOf();
  await ada.ask('POST', '/api/auth/sign-in/email', { email: ada.account.email, password });
  expect(await sessionOf()).not.toBe(first);
  expect((await ada.tryTo('GET', '/api/account')).status()).toBe(200);

  const old = await open({ storageState: before });
  expect((await old.request.get('/api/account')).status()).toBe(403);
});

test('D7: closing and reopening the browser keeps the login', async ({ enter, open }) => {
  const ada = await enter('Ada');
  const room = await ada.createRoom('lobby');
  await RoomPage.open(ada.page, room);
  const state = await ada.context.storageState();
  await ada.context.close();

  // What a browser forgets when it is closed are the cookies without an end.
  const cookies = state.cookies.filter((cookie) => cookie.expires > 0);
  const session = cookies.find((cookie) => cookie.name.endsWith('session_token'));
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  const page = await (await open({ storageState: { cookies, origins: [] } })).newPage();
  await page.goto(`/rooms/${room.id}`);
  await new RoomPage(page, 'lobby').isLive();
});
