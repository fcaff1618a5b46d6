import { expect, test } from './fixtures.ts';

test('C1: the front page greets strangers, tells nothing of the people here, and leads to the door', async ({
  enter,
  open,
}) => {
  const ada = await enter('Ada');
  await ada.createRoom('lobby');
  const page = await (await open()).newPage();
  const answer = await page.goto('/');
  expect(answer?.status()).toBe(200);
  const html = (await answer?.text()) ?? '';
  expect(html).not.toContain(ada.account.email);
  expect(html).not.toContain('lobby');
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/sign-in');

  await ada.page.goto('/');
  await expect(ada.page).toHaveURL(/\/rooms/);
});
