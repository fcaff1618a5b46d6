import { expect, test } from './fixtures.ts';
import { password, settle } from './person.ts';
import { RoomPage } from './room-page.ts';

test('the main job: claim the house, make a room, invite somebody, talk (A1, A2, A4, A5, A10, C5, D6)', async ({
  build,
  open,
}) => {
  const house = await build();
  const ada = await (await open({ house })).newPage();
  const graceContext = await open({ house });
  const grace = await graceContext.newPage();

  await test.step('Ada opens the printed link and becomes the owner', async () => {
    await ada.goto(house.claimUrl);
    await ada.getByLabel('Your name').fill('Ada Lovelace');
    await ada.getByLabel('Email').fill('ada@example.org');
    await ada.getByLabel('Password').fill(password);
    await ada.getByRole('button', { name: 'Create the owner’s account' }).click();
    await expect(ada).toHaveURL('/rooms');
    await settle(ada);
    await expect(ada.getByRole('navigation', { name: 'Rooms and pages' })).toContainText('Owner');
  });

  const adaRoom = new RoomPage(ada, 'designers');
  await test.step('she makes a private room and a link to it', async () => {
    await ada.getByRole('button', { name: 'New room' }).click();
    const dialog = ada.getByRole('dialog', { name: 'New room' });
    await dialog.getByLabel('Name').fill('designers');
    await dialog.getByRole('switch', { name: 'Private' }).check();
    await dialog.getByRole('button', { name: 'Make the room' }).click();
    await expect(ada.getByRole('heading', { level: 1, name: 'designers' })).toBeVisible();
    await adaRoom.isLive();
    await adaRoom.say('The door is open.');
    await adaRoom.hasNothingPending();
  });
  const inviteUrl = await test.step('the link is shown once, to be copied', async () => {
    await ada.getByRole('button', { name: 'Invite people' }).click();
    const dialog = ada.getByRole('dialog', { name: 'Invite to designers' });
    await dialog.getByRole('button', { name: 'Make a link' }).click();
    const url = await dialog.getByLabel('The invite link').inputValue();
    expect(url).toMatch(new RegExp(`^${house.origin}/join/[\\w-]{20,}$`));
    await ada.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    return url;
  });

  const graceRoom = new RoomPage(grace, 'designers');
  await test.step('Grace opens it signed out, signs up and is in the room (A2)', async () => {
    await grace.goto(inviteUrl);
    await expect(grace.getByRole('heading', { name: 'designers' })).toBeVisible();
    await grace.getByLabel('Your name').fill('Grace Hopper');
    await grace.getByLabel('Email').fill('grace@example.org');
    await grace.getByLabel('Password').fill(password);
    await grace.getByRole('button', { name: 'Create account and join' }).click();
    await expect(grace).toHaveURL(ada.url());
    await graceRoom.isLive();
    await graceRoom.shows(['The door is open.']);
    await expect(adaRoom.log).toContainText('Grace Hopper joined by invite');
  });

  const words = [
    'The door is open.',
    'Good morning, Ada.',
    'Good morning, Grace.',
    'Is the plan in the posts?',
    'It is.',
  ];
  await test.step('they talk both ways', async () => {
    for (const [index, word] of words.entries()) {
      if (index === 0) continue;
      const [from, to] = index % 2 === 1 ? [graceRoom, adaRoom] : [adaRoom, graceRoom];
      await from.say(word);
      await expect(to.message(word)).toBeVisible();
    }
    for (const room of [adaRoom, graceRoom]) {
      await room.hasNothingPending();
      await room.shows(words);
    }
  });

  await test.step('after a reload the history is in the first paint, asked for by no script (A5, D6)', async () => {
    const asked: string[] = [];
    grace.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await grace.reload();
    await graceRoom.isLive();
    await graceRoom.shows(words);
    expect(asked).toContain('/api/sockets/tickets');
    expect(
      asked.filter((path) => path.endsWith('/messages') || path === '/api/rooms' || path === '/api/account'),
    ).toEqual([]);

    const cookies = await graceContext.cookies();
    const plain = await open({ house, javaScriptEnabled: false });
    await plain.addCookies(cookies);
    const page = await plain.newPage();
    await page.goto(grace.url());
    await new RoomPage(page, 'designers').shows(words);
    await expect(page.getByText('Loading')).toHaveCount(0);
  });
});

test('nothing moves while a room’s page comes alive (A5)', async ({ enter }) => {
  const ada = await enter('Ada');
  const room = await ada.createRoom('lobby');
  for (let index = 0; index < 20; index += 1) await ada.say(room, `Word ${index} of many, long enough to be read.`);
  await ada.page.addInitScript(() => {
    const moved = { sum: 0 };
    Object.assign(window, { moved });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) moved.sum += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });

  const lobby = await RoomPage.open(ada.page, room);
  await expect(lobby.message('Word 19')).toBeInViewport();

  const moved = await ada.page.evaluate(() => (window as unknown as { moved: { sum: number } }).moved.sum);
  // The measure and its threshold for "good" are those of the Layout Instability specification; ours is a tenth of it.
  expect(moved).toBeLessThan(0.01);
});
