import { expect, test } from './fixtures.ts';
import { networkFaults } from './page-faults.ts';
import { RoomPage } from './room-page.ts';

test('D8, fault 23: an outage shows an error and never logs anyone out', async ({ build, enter, faults }) => {
  faults.expect(networkFaults);
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const ada = await enter('Ada', { house });
  const room = await ada.createRoom('lobby');
  const lobby = await RoomPage.open(ada.page, room);

  await house.kill();
  await expect(lobby.offline).toBeVisible();
  // What leads elsewhere must not trade the open page for the browser's own error.
  await ada.page.getByRole('link', { name: 'Posts' }).click();
  await expect(ada.page.getByText('This page cannot be loaded while Parlour is out of reach.').first()).toBeVisible();
  await expect(ada.page).toHaveURL(`/rooms/${room.id}`);
  await lobby.say('Written while it was away.');
  await expect(ada.page.reload()).rejects.toThrow(/ERR_CONNECTION_REFUSED/);

  await house.start();
  await ada.page.goto('/posts');
  await expect(ada.page.getByRole('heading', { level: 1, name: 'Posts' })).toBeVisible();
  await ada.page.goto(`/rooms/${room.id}`);
  await lobby.isLive();
  await lobby.shows(['Written while it was away.']);
});

test('D8, fault 23: an API that fails behind a page that works logs nobody out', async ({ enter, faults }) => {
  faults.expect(networkFaults);
  const ada = await enter('Ada');
  const room = await ada.createRoom('lobby');
  for (const status of [500, 502, 503]) {
    await ada.visit('/rooms');
    await ada.page.route('**/api/**', (route) =>
      route.fulfill({ status, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }),
    );
    await ada.page.getByRole('link', { name: 'Posts' }).click();
    await expect(
      ada.page
        .getByRole('heading', { name: 'Parlour is not quite there' })
        .or(ada.page.getByRole('heading', { name: 'Something went wrong' })),
    ).toBeVisible();
    await ada.page.unroute('**/api/**');
    await ada.page.getByRole('button', { name: 'Try again' }).click();
    await expect(ada.page.getByRole('heading', { level: 1, name: 'Posts' })).toBeVisible();
  }
  await RoomPage.open(ada.page, room);
});
