import { randomUUID } from 'node:crypto';
import type { RoomEvent } from '@parlour/protocol/events';
import type { Page as ListPage } from '@parlour/protocol/paging';
import type { Room } from '@parlour/protocol/rooms';
import { expect, test } from './fixtures.ts';
import { networkFaults } from './page-faults.ts';
import type { Person } from './person.ts';
import { refuseNextSend } from './refused-send.ts';
import { RoomPage } from './room-page.ts';

test.beforeEach(({ faults }) => faults.expect(networkFaults));

const waiting = 'waiting for the network';

/** What the server holds, in its order: exactly these, each once. */
async function expectKept(person: Person, room: Room, bodies: readonly string[]): Promise<void> {
  const { items } = await person.ask<ListPage<RoomEvent, number>>('GET', `/api/rooms/${room.id}/messages`);
  expect(items.map((event) => event.seq)).toEqual(items.map((_, index) => index + 1));
  expect(items.flatMap((event) => (event.event === 'message' ? [event.body] : []))).toEqual(bodies);
}

test('the server is killed between two words: pending, then sent; nothing lost, doubled or reordered (A10, A11, fault 7)', async ({
  build,
  enter,
}) => {
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const [ada, grace] = [await enter('Ada', { house }), await enter('Grace', { house })];
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  const [adaRoom, graceRoom] = [await RoomPage.open(ada.page, room), await RoomPage.open(grace.page, room)];
  await adaRoom.say('Before the fall.');
  await expect(graceRoom.message('Before the fall.')).toBeVisible();

  await house.kill();
  await expect(adaRoom.offline).toBeVisible();
  await expect(graceRoom.offline).toBeVisible();
  const written = ['Ada in the dark, one.', 'Ada in the dark, two.', 'Ada in the dark, three.'];
  for (const text of written) {
    await adaRoom.say(text);
    await expect(adaRoom.message(text)).toContainText(waiting);
  }
  await adaRoom.shows(['Before the fall.', ...written]);
  await expect(adaRoom.pending).toHaveCount(written.length);

  await house.start();
  await graceRoom.shows(['Before the fall.', ...written]);
  await adaRoom.hasNothingPending();
  await expect(adaRoom.offline).toBeHidden();
  await expect(graceRoom.offline).toBeHidden();
  await graceRoom.say('And we are back.');
  const all = ['Before the fall.', ...written, 'And we are back.'];
  for (const one of [adaRoom, graceRoom]) await one.shows(all);
  await expectKept(ada, room, all);
  for (const one of [adaRoom, graceRoom]) {
    await one.page.reload();
    await one.shows(all);
  }
});

test('both write while the server is dead: each one’s words keep their order, and both see the same (A11)', async ({
  build,
  enter,
}) => {
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const [ada, grace] = [await enter('Ada', { house }), await enter('Grace', { house })];
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  const rooms = [await RoomPage.open(ada.page, room), await RoomPage.open(grace.page, room)];

  await house.kill();
  for (const one of rooms) await expect(one.offline).toBeVisible();
  for (const count of ['one', 'two', 'three', 'four']) for (const one of rooms) await one.say(`Word ${count}.`);
  await house.start();

  for (const one of rooms) {
    await expect(one.messages).toHaveCount(8, { timeout: 30_000 });
    await one.hasNothingPending();
  }
  const { items } = await ada.ask<ListPage<RoomEvent, number>>('GET', `/api/rooms/${room.id}/messages`);
  const inOrder = items.flatMap((event) =>
    event.event === 'message' ? [new RegExp(`${event.author.name}.*${event.body}`, 's')] : [],
  );
  expect(inOrder).toHaveLength(8);
  for (const one of rooms) await expect(one.messages).toContainText(inOrder);
  for (const { account } of [ada, grace]) {
    const own = items.flatMap((event) =>
      event.event === 'message' && event.author.id === account.id ? [event.body] : [],
    );
    expect(own).toEqual(['Word one.', 'Word two.', 'Word three.', 'Word four.']);
  }
});

test('the answer to a send is lost with the server: the retry does not say it twice (I3, A11)', async ({
  build,
  enter,
}) => {
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const [ada, grace] = [await enter('Ada', { house }), await enter('Grace', { house })];
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  let isDeaf = false;
  await ada.page.routeWebSocket('**/api/socket', (socket) => {
    const server = socket.connectToServer();
    server.onMessage((frame) => {
      if (!isDeaf) socket.send(frame);
    });
  });
  const [adaRoom, graceRoom] = [await RoomPage.open(ada.page, room), await RoomPage.open(grace.page, room)];

  isDeaf = true;
  await adaRoom.say('Said once.');
  await expect(graceRoom.message('Said once.')).toBeVisible();
  await expect(adaRoom.message('Said once.')).toContainText('sending');
  await house.kill();
  isDeaf = false;
  await house.start();

  await adaRoom.hasNothingPending();
  await adaRoom.say('Said after it.');
  for (const one of [adaRoom, graceRoom]) await one.shows(['Said once.', 'Said after it.']);
  await expectKept(ada, room, ['Said once.', 'Said after it.']);
});

test('offline and back: what was written waits in order and goes out, what was missed comes in order (A10, A11, fault 7)', async ({
  enter,
}) => {
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  const [adaRoom, graceRoom] = [await RoomPage.open(ada.page, room), await RoomPage.open(grace.page, room)];

  await ada.context.setOffline(true);
  await expect(adaRoom.offline).toBeVisible();
  const missed = ['You missed this.', 'And this.'];
  for (const text of missed) {
    await graceRoom.say(text);
    await graceRoom.hasNothingPending();
  }
  const written = ['From the tunnel, one.', 'From the tunnel, two.'];
  for (const text of written) {
    await adaRoom.say(text);
    await expect(adaRoom.message(text)).toContainText(waiting);
  }
  await adaRoom.shows(written);

  await ada.context.setOffline(false);
  for (const one of [adaRoom, graceRoom]) await one.shows([...missed, ...written]);
  await adaRoom.hasNothingPending();
  await expect(adaRoom.offline).toBeHidden();
  await expectKept(ada, room, [...missed, ...written]);
});

test('a reload while messages are pending does not lose them (A10)', async ({ build, enter }) => {
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const [ada, grace] = [await enter('Ada', { house }), await enter('Grace', { house })];
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  const adaRoom = await RoomPage.open(ada.page, room);

  await house.kill();
  await expect(adaRoom.offline).toBeVisible();
  const written = ['Written on the train.', 'And in the tunnel.'];
  for (const text of written) {
    await adaRoom.say(text);
    await expect(adaRoom.message(text)).toContainText(waiting);
  }
  // The reload meets nobody: the browser shows its own error page.
  await expect(ada.page.reload()).rejects.toThrow(/ERR_CONNECTION_REFUSED/);
  await house.start();
  await ada.page.goto(`/rooms/${room.id}`);

  await adaRoom.shows(written);
  await adaRoom.hasNothingPending();
  const graceRoom = await RoomPage.open(grace.page, room);
  await graceRoom.shows(written);
  await expectKept(ada, room, written);
});

test('a message that the server refuses is shown as not sent, and can be sent again (A10)', async ({ enter }) => {
  const ada = await enter('Ada');
  const room = await ada.createRoom('lobby');
  await refuseNextSend(ada.page, 'Not just now.');
  const lobby = await RoomPage.open(ada.page, room);
  const text = `Kept ${randomUUID()}`;

  await lobby.say(text);
  await expect(lobby.message(text)).toContainText('Not sent. Not just now.');
  await lobby.message(text).getByRole('button', { name: 'Try again' }).click();

  await expect(lobby.message(text)).not.toContainText('Not sent');
  await lobby.hasNothingPending();
  await lobby.shows([text]);
  await expectKept(ada, room, [text]);
});
