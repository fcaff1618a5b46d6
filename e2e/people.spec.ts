import { expect, test } from './fixtures.ts';
import { networkFaults } from './page-faults.ts';
import { signIn } from './person.ts';
import { RoomPage } from './room-page.ts';

test('I7: somebody who is banned while they type is at the door with the reason, and everybody else goes on', async ({
  build,
  enter,
  faults,
}) => {
  faults.expect(networkFaults);
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const claim = house.claimUrl.split('/').at(-1) ?? '';
  const ada = await enter('Ada', { house, claim });
  const [grace, linus] = [await enter('Grace', { house }), await enter('Linus', { house })];
  const room = await ada.createRoom('lobby');
  for (const person of [grace, linus]) await person.join(room);
  const [gracesRoom, linusRoom] = [await RoomPage.open(grace.page, room), await RoomPage.open(linus.page, room)];
  await gracesRoom.composer.fill('Grace is writing');
  await linusRoom.composer.pressSequentially('Linus is wri');
  await expect(grace.page.getByText('Linus is typing')).toBeVisible();

  await ada.visit('/house/people');
  await ada.page.getByRole('searchbox', { name: 'Person’s name' }).fill('lin');
  await expect(ada.page.getByRole('list', { name: 'People' }).getByRole('listitem')).toHaveCount(1);
  await ada.page.getByRole('button', { name: 'What to do about Linus' }).click();
  await ada.page.getByRole('menuitem', { name: 'Ban' }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'Ban Linus?' });
  await dialog.getByLabel('Reason').fill('Too loud');
  await dialog.getByRole('button', { name: 'Ban Linus' }).click();

  const farewell = linus.page.getByRole('status').filter({ hasText: 'You were banned from this house.' });
  await expect(farewell).toBeVisible();
  await expect(linus.page.locator('body')).not.toContainText('Linus is wri');
  await expect(gracesRoom.composer).toHaveValue('Grace is writing');
  await gracesRoom.composer.press('Enter');
  await gracesRoom.hasNothingPending();
  await expect(gracesRoom.message('Grace is writing')).toBeVisible();
  await signIn(linus.page, linus.account.email);
  await expect(linus.page.getByText('You were banned from this house.').last()).toBeVisible();
  await expect(linus.page).toHaveURL(/\/sign-in/);

  await expect(ada.page.getByRole('list', { name: 'People' })).toContainText('Banned: Too loud');
  await ada.page.getByRole('button', { name: 'What to do about Linus' }).click();
  await ada.page.getByRole('menuitem', { name: 'Lift the ban' }).click();
  await expect(ada.page.getByRole('list', { name: 'People' })).not.toContainText('Banned');
  await signIn(linus.page, linus.account.email);
  await expect(linus.page).toHaveURL(`/rooms/${room.id}`);
  await new RoomPage(linus.page, 'lobby').isLive();
});

test('what is done about one person waits for nothing that is done about another', async ({ build, enter }) => {
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const ada = await enter('Ada', { house, claim: house.claimUrl.split('/').at(-1) ?? '' });
  const [grace] = [await enter('Grace', { house }), await enter('Linus', { house })];
  const { page } = ada;
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(`**/api/people/${grace.account.id}/role`, async (route) => {
    await held;
    await route.continue();
  });
  await ada.visit('/house/people');
  const row = (name: string) =>
    page.getByRole('list', { name: 'People' }).getByRole('listitem').filter({ hasText: name });
  for (const name of ['Grace', 'Linus']) {
    await page.getByRole('button', { name: `What to do about ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Make a moderator' }).click();
  }
  await expect(row('Linus')).toContainText('Moderator');
  await expect(row('Grace')).not.toContainText('Moderator');
  letGo();
  await expect(row('Grace')).toContainText('Moderator');
});

test('a role that is given and taken shows in the open page at once, and the house is handed over', async ({
  build,
  enter,
  faults,
}) => {
  faults.expect(networkFaults);
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const ada = await enter('Ada', { house, claim: house.claimUrl.split('/').at(-1) ?? '' });
  const grace = await enter('Grace', { house });
  await grace.visit('/posts');
  const rail = grace.page.getByRole('navigation', { name: 'Rooms and pages' });
  const link = rail.getByRole('link', { name: 'People' });
  await expect(rail.getByRole('link', { name: 'Posts' })).toBeVisible();
  await expect(link).toHaveCount(0);
  expect((await grace.context.request.get('/house/people')).status()).toBe(403);

  await ada.visit('/house/people');
  const choose = async (item: string) => {
    await ada.page.getByRole('button', { name: 'What to do about Grace' }).click();
    await ada.page.getByRole('menuitem', { name: item }).click();
  };
  await choose('Make an admin');
  await expect(rail).toContainText('Admin');
  await link.click();
  await expect(grace.page.getByRole('list', { name: 'People' })).toContainText('Ada');
  // Nobody has anything to do about somebody of their own role or above, nor about themselves.
  await expect(grace.page.getByRole('button', { name: /^What to do about/ })).toHaveCount(0);

  await choose('Make a plain member');
  await expect(grace.page).toHaveURL('/rooms');
  await expect(link).toHaveCount(0);
  await expect(grace.page.getByRole('list', { name: 'People' })).toHaveCount(0);

  await choose('Hand the house over');
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Hand it over' }).click();
  await expect(rail).toContainText('Owner');
  await expect(ada.page.getByRole('navigation', { name: 'Rooms and pages' })).toContainText('Admin');
  await expect(ada.page.getByRole('button', { name: /^What to do about/ })).toHaveCount(0);
});
