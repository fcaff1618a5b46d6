import { expect, test } from './fixtures.ts';
import { networkFaults } from './page-faults.ts';
import { RoomPage } from './room-page.ts';

test('A3, C3: members are listed with the owner first; who comes and goes is shown once', async ({ enter }) => {
  const [linus, ada, grace] = [await enter('Linus'), await enter('Ada'), await enter('Grace')];
  const room = await linus.createRoom('lobby');
  await ada.join(room);
  const lobby = await RoomPage.open(linus.page, room);
  await expect(lobby.away.getByRole('listitem')).toContainText(['Ada']);

  const adaRoom = await RoomPage.open(ada.page, room);
  await expect(lobby.here.getByRole('listitem')).toContainText(['Linus', 'Ada']);
  await expect(lobby.away).toHaveCount(0);

  await grace.join(room);
  await RoomPage.open(grace.page, room);
  for (const one of [lobby, adaRoom]) {
    await expect(one.here.getByRole('listitem')).toContainText(['Linus', 'Ada', 'Grace']);
    await expect(one.here.getByRole('listitem').first()).toContainText('owner');
    await expect(one.log.getByText('Grace joined')).toHaveCount(1);
  }
  // Fault 3: nobody sees another's address.
  await expect(linus.page.locator('body')).not.toContainText(ada.account.email);
  expect(await (await linus.tryTo('GET', `/api/rooms/${room.id}/members`)).text()).not.toContain('@example.org');

  await grace.page.close();
  await expect(lobby.away.getByRole('listitem')).toContainText(['Grace']);
  await expect(lobby.here.getByRole('listitem')).toContainText(['Linus', 'Ada']);
});

test('I8, fault 17: two tabs of one person count once, and one of them may go', async ({ enter }) => {
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  const lobby = await RoomPage.open(ada.page, room);
  await RoomPage.open(grace.page, room);
  const second = await grace.context.newPage();
  const inSecond = await RoomPage.open(second, room);
  for (const one of [lobby, inSecond]) await expect(one.here.getByRole('listitem')).toContainText(['Ada', 'Grace']);

  await grace.page.close();
  await inSecond.say('I am still here.');
  await expect(lobby.message('I am still here.')).toBeVisible();
  await second.reload();
  await inSecond.isLive();
  await inSecond.say('After a reload, too.');
  await expect(lobby.message('After a reload, too.')).toBeVisible();
  await expect(lobby.here.getByRole('listitem')).toContainText(['Ada', 'Grace']);

  await second.close();
  await expect(lobby.away.getByRole('listitem')).toContainText(['Grace']);
});

test('fault 17: taking Ann out leaves Joanna, and the room goes from Ann’s open page (I5)', async ({
  enter,
  faults,
}) => {
  faults.expect(networkFaults);
  const [ada, ann, joanna] = [await enter('Ada'), await enter('Ann'), await enter('Joanna')];
  const room = await ada.createRoom('designers', { private: true });
  for (const { account } of [ann, joanna]) await ada.ask('POST', `/api/rooms/${room.id}/members`, { user: account.id });
  const designers = await RoomPage.open(ada.page, room);
  const annsRoom = await RoomPage.open(ann.page, room);
  const joannasRoom = await RoomPage.open(joanna.page, room);
  await designers.say('For the three of us.');
  for (const one of [annsRoom, joannasRoom]) await expect(one.message('For the three of us.')).toBeVisible();

  await ada.page.getByRole('button', { name: 'Take Ann out of the room' }).click();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Take Ann out' }).click();

  await expect(annsRoom.log).toHaveCount(0);
  await expect(ann.page.getByRole('main')).toContainText(/no longer|removed|no such room/i);
  await expect(ann.page.getByText('For the three of us.')).toHaveCount(0);
  await expect(ann.page.getByRole('navigation').getByRole('link', { name: /designers/ })).toHaveCount(0);
  await designers.say('For the two of us.');
  await expect(joannasRoom.message('For the two of us.')).toBeVisible();
  await expect(designers.here.getByRole('listitem')).toContainText(['Ada', 'Joanna']);
  await expect(designers.away).toHaveCount(0);
  await expect(ann.page.getByText('For the two of us.')).toHaveCount(0);
  expect((await ann.tryTo('GET', `/api/rooms/${room.id}/messages`)).status()).toBe(404);
  expect((await ann.page.goto(`/rooms/${room.id}`))?.status()).toBe(404);
  await expect(ann.page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
});

test('A3: whoever was taken out is let in again where the room says that they were', async ({ enter, faults }) => {
  faults.expect(networkFaults);
  const [ada, grace, linus] = [await enter('Ada'), await enter('Grace'), await enter('Linus')];
  const room = await ada.createRoom('lobby');
  for (const person of [grace, linus]) await person.join(room);
  const lobby = await RoomPage.open(ada.page, room);
  const linusRoom = await RoomPage.open(linus.page, room);
  await grace.visit('/rooms');
  const inRail = grace.page.getByRole('navigation').getByRole('link', { name: 'lobby' });
  await expect(inRail).toBeVisible();

  await ada.page.getByRole('button', { name: 'Take Grace out of the room' }).click();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Take Grace out' }).click();
  const letIn = lobby.log.getByRole('button', { name: 'Let Grace in again' });
  await expect(letIn).toBeVisible();
  await expect(inRail).toHaveCount(0);
  await expect(linusRoom.log.getByText('Ada removed Grace')).toBeVisible();
  await expect(linus.page.getByRole('button', { name: 'Let Grace in again' })).toHaveCount(0);

  await letIn.press('Enter');
  await expect(lobby.log.getByText('Ada added Grace')).toBeVisible();
  await expect(letIn).toHaveCount(0);
  await expect(lobby.log).toBeFocused();
  await expect(lobby.away).toContainText('Grace');
  await expect(inRail).toBeVisible();
});

test('members that could not be loaded come with the connection, and are not said to be none', async ({
  enter,
  faults,
}) => {
  faults.expect(networkFaults);
  const ada = await enter('Ada');
  const [room, other] = [await ada.createRoom('lobby'), await ada.createRoom('garden')];
  await RoomPage.open(ada.page, room);
  await ada.context.setOffline(true);
  const garden = new RoomPage(ada.page, other.name);
  await expect(garden.offline).toBeVisible();
  await ada.page.getByRole('link', { name: 'garden' }).click();
  const side = ada.page.getByRole('complementary', { name: 'Members' });
  await expect(side).toContainText('The members could not be loaded.');
  await expect(side).not.toContainText('0');
  await ada.context.setOffline(false);
  await expect(garden.here).toContainText('Ada');
  await expect(side).not.toContainText('could not be loaded');
});
