import type { Room } from '@parlour/protocol/rooms';
import { expect, test } from './fixtures.ts';
import { holdScripts } from './held-scripts.ts';
import { settle } from './person.ts';
import { RoomPage } from './room-page.ts';

test('somebody who is typing is named, and no longer once the message is there', async ({ enter }) => {
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  const lobby = await RoomPage.open(ada.page, room);
  const graceRoom = await RoomPage.open(grace.page, room);

  await graceRoom.composer.pressSequentially('Wait, I');
  await expect(ada.page.getByText('Grace is typing …')).toBeVisible();
  await expect(grace.page.getByText('is typing')).toHaveCount(0);
  await graceRoom.composer.press('Enter');
  await expect(lobby.message('Wait, I')).toBeVisible();
  await expect(ada.page.getByText('Grace is typing …')).toHaveCount(0);
});

test('C7, fault 16: names and texts are never HTML', async ({ enter }) => {
  const attack =
    '<img src=x onerror="window.hacked=1"></script><script>window.hacked=1</script><b class="hacked">bold</b>';
  const name = '<b class="hacked">Mallory</b>';
  const roomName = '<i class="hacked">lobby</i></script>';
  const [ada, mallory] = [await enter('Ada'), await enter(name)];
  const room = await mallory.createRoom(roomName);
  await ada.join(room);
  const lobby = await RoomPage.open(ada.page, room);
  await mallory.say(room, attack);
  const post = await mallory.write(attack, attack);

  const expectHarmless = async (...texts: string[]) => {
    for (const text of texts) await expect(ada.page.getByText(text).first()).toBeVisible();
    await expect(ada.page.locator('.hacked, main img, script:text("hacked")')).toHaveCount(0);
    expect(await ada.page.evaluate(() => 'hacked' in window)).toBe(false);
  };
  await expect(lobby.message(attack)).toContainText(name);
  await expectHarmless(attack, roomName, `${name} made this room`);
  await ada.page.reload();
  await lobby.isLive();
  await expectHarmless(attack, roomName, `${name} made this room`);
  for (const path of ['/posts', `/posts/${post.id}`]) {
    await ada.visit(path);
    await expectHarmless(attack, name);
  }
});

test('links in messages lead out safely, and what only looks like one stays text', async ({ enter }) => {
  const ada = await enter('Ada');
  const room = await ada.createRoom('lobby');
  await ada.say(room, 'See https://example.org/plan?a=1, not javascript:alert(1).');
  const lobby = await RoomPage.open(ada.page, room);
  const link = lobby.log.getByRole('link');
  await expect(link).toHaveCount(1);
  await expect(link).toHaveAttribute('href', 'https://example.org/plan?a=1');
  await expect(link).toHaveAttribute('rel', /noopener/);
});

test('unread: the rail counts what others said elsewhere, and looking at it makes it read', async ({ enter }) => {
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  await grace.visit('/rooms');
  const rail = grace.page.getByRole('navigation', { name: 'Rooms and pages' });
  const link = rail.getByRole('link', { name: /^lobby/ });
  await expect(link).toHaveAccessibleName('lobby');

  await ada.say(room, 'One.');
  await ada.say(room, 'Two.');
  await expect(link).toHaveAccessibleName(/^lobby\W+2 unread$/);
  await expect(grace.page).toHaveTitle(/^\(2\) /);
  await grace.page.reload();
  await settle(grace.page);
  await expect(link).toHaveAccessibleName(/^lobby\W+2 unread$/);

  await link.click();
  const graceRoom = new RoomPage(grace.page, 'lobby');
  await graceRoom.isLive();
  await graceRoom.shows(['One.', 'Two.']);
  await expect(graceRoom.log.getByText(/New since you left/)).toBeVisible();
  await expect(link).toHaveAccessibleName('lobby');
  await expect
    .poll(async () => {
      const { items } = await grace.ask<{ items: Room[] }>('GET', '/api/rooms');
      return items.find(({ id }) => id === room.id)?.unread;
    })
    .toBe(0);

  // What one says oneself is not new to oneself, in no other tab either.
  const second = await grace.context.newPage();
  await grace.visit('/rooms', second);
  await graceRoom.say('Three.');
  await graceRoom.hasNothingPending();
  await expect(second.getByRole('link', { name: /^lobby/ })).toHaveAccessibleName('lobby');
});

test('drafts are kept over a reload and while one looks into another room', async ({ enter }) => {
  const ada = await enter('Ada');
  const [room, other] = [await ada.createRoom('lobby'), await ada.createRoom('designers')];
  const lobby = await RoomPage.open(ada.page, room);
  await lobby.composer.fill('Half a sentence,\nand the other');
  await ada.page.reload();
  await lobby.isLive();
  await expect(lobby.composer).toHaveValue('Half a sentence,\nand the other');

  await ada.page.getByRole('link', { name: 'designers' }).click();
  const designers = new RoomPage(ada.page, other.name);
  await designers.isLive();
  await expect(designers.composer).toHaveValue('');
  await ada.page.getByRole('link', { name: 'lobby' }).click();
  await expect(lobby.composer).toHaveValue('Half a sentence,\nand the other');
  await lobby.composer.press('Enter');
  await expect(lobby.message('and the other')).toBeVisible();
  await expect(lobby.composer).toHaveValue('');
  await lobby.hasNothingPending();
  await ada.page.reload();
  await lobby.isLive();
  await expect(lobby.composer).toHaveValue('');
});

test('C2, C3: a new house has rooms to start with; one finds, joins and leaves them', async ({ enter }) => {
  const ada = await enter('Ada');
  await ada.visit('/rooms/find');
  const rooms = ada.page.getByRole('list', { name: 'Rooms' });
  for (const name of ['General', 'Music', 'Sports']) await expect(rooms).toContainText(name);

  await ada.page.getByRole('button', { name: 'Join Music' }).click();
  const music = new RoomPage(ada.page, 'Music');
  await music.isLive();
  await expect(music.log).toContainText('Ada joined');

  await ada.page.getByRole('button', { name: 'More about this room' }).click();
  await ada.page.getByRole('menuitem', { name: 'Leave this room' }).click();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Leave the room' }).click();
  await expect(ada.page).toHaveURL('/rooms');
  await expect(ada.page.getByRole('navigation').getByRole('link', { name: 'Music' })).toHaveCount(0);
});

test('what is searched for before the script is there is found once it is', async ({ enter }) => {
  const ada = await enter('Ada');
  const letGo = await holdScripts(ada.page);
  await ada.page.goto('/rooms/find', { waitUntil: 'commit' });
  const field = ada.page.getByRole('searchbox', { name: 'Room’s name' });
  await field.fill('musi');
  letGo();
  await settle(ada.page);
  await expect(field).toHaveValue('musi');
  const rooms = ada.page.getByRole('list', { name: 'Rooms', exact: true }).getByRole('listitem');
  await expect(rooms).toContainText(['Music']);
});

test('an @ offers the room’s people, and a mention is counted and shown', async ({ enter }) => {
  const [ada, grace, linus] = [await enter('Ada'), await enter('Grace Hopper'), await enter('Linus')];
  const room = await ada.createRoom('lobby');
  await Promise.all([grace.join(room), linus.join(room)]);
  const lobby = await RoomPage.open(ada.page, room);
  await grace.visit('/rooms');

  await lobby.composer.pressSequentially('Morning @gr');
  const people = ada.page.getByRole('listbox');
  await expect(people.getByRole('option')).toContainText(['Grace Hopper']);
  await ada.page.keyboard.press('Enter');
  await expect(people).toHaveCount(0);
  await expect(lobby.composer).toHaveValue(/^Morning @grace-hopper ?$/);
  await ada.page.keyboard.press('Enter');
  await lobby.hasNothingPending();

  const link = grace.page.getByRole('navigation').getByRole('link', { name: /^lobby/ });
  await expect(link).toHaveAccessibleName(/1 mention you, 1 unread/);
  await link.click();
  await new RoomPage(grace.page, 'lobby').shows(['Morning @grace-hopper']);
  await expect(link).toHaveAccessibleName('lobby');
});

test('what is written from right to left stands so, and its author’s name before the time', async ({ enter }) => {
  const [ada, noor] = [await enter('Ada'), await enter('نور')];
  const room = await ada.createRoom('lobby');
  await noor.join(room);
  const lobby = await RoomPage.open(ada.page, room);
  await noor.say(room, 'مرحبا.');
  const message = lobby.message('مرحبا.');
  const [name, time] = [
    await message.getByText('نور', { exact: true }).boundingBox(),
    await message.getByRole('time').first().boundingBox(),
  ];
  expect(name && time && name.x + name.width <= time.x).toBe(true);
  const gaps = await message.locator('.text').evaluate((text) => {
    const range = document.createRange();
    range.selectNodeContents(text);
    const [words, box] = [range.getBoundingClientRect(), text.getBoundingClientRect()];
    return { before: words.left - box.left, after: box.right - words.right };
  });
  expect(gaps.before).toBeGreaterThan(100);
  expect(gaps.after).toBeLessThan(2);
});

test('however many rooms there are, the open one is in sight in the rail', async ({ enter }) => {
  const ada = await enter('Ada');
  const { page } = ada;
  for (let index = 10; index < 40; index += 1) await ada.createRoom(`room ${index}`, { private: true });
  const last = await ada.createRoom('zoo', { private: true });
  const link = (name: string) => page.getByRole('navigation').getByRole('link', { name });
  await RoomPage.open(page, last);
  await expect(link('zoo')).toBeInViewport({ ratio: 1 });
  await page.goto('/rooms');
  await expect(link('General')).toBeInViewport({ ratio: 1 });
  await ada.visit('/rooms/find');
  await page.getByRole('main').getByRole('link', { name: 'room 39' }).click();
  await expect(link('room 39')).toHaveAttribute('aria-current', 'page');
  await expect(link('room 39')).toBeInViewport({ ratio: 1 });
});
