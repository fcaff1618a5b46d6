import { expect, test } from './fixtures.ts';
import { holdScripts } from './held-scripts.ts';
import { networkFaults } from './page-faults.ts';
import { settle } from './person.ts';

test('D5, D6: the list’s first page is in the HTML, later ones are loaded in the browser', async ({ build, enter }) => {
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const ada = await enter('Ada', { house });
  const { page } = ada;
  const titles = Array.from({ length: 23 }, (_, index) => `Post ${String(index).padStart(2, '0')}`);
  for (const title of titles) await ada.write(title, 'Some words.');
  const newestFirst = titles.toReversed();

  const html = await (await ada.tryTo('GET', '/posts')).text();
  expect(newestFirst.filter((title) => html.includes(title))).toEqual(newestFirst.slice(0, 10));

  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await ada.visit('/posts');
  const posts = page.getByRole('article');
  await expect(posts).toContainText(newestFirst.slice(0, 10));
  expect(asked.filter((path) => path === '/api/posts')).toEqual([]);

  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route('**/api/posts?*', async (route) => {
    await held;
    await route.continue();
  });
  const older = page.getByRole('button', { name: 'Older posts' });
  await older.click();
  await expect(page.getByRole('status').filter({ hasText: 'Loading older posts' })).toBeVisible();
  release();
  await expect(posts).toContainText(newestFirst.slice(0, 20));
  await older.click();
  await expect(posts).toContainText(newestFirst);
  await expect(older).toBeHidden();
});

test('D6, D9: a later page that does not come says so and can be asked for again', async ({ build, enter, faults }) => {
  faults.expect(networkFaults);
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const ada = await enter('Ada', { house });
  for (let index = 0; index < 11; index += 1) await ada.write(`Post ${index}`, 'Some words.');
  await ada.visit('/posts');
  await ada.page.route('**/api/posts?*', (route) => route.abort());
  const older = ada.page.getByRole('button', { name: 'Older posts' });
  await older.click();
  await expect(ada.page.getByRole('alert').filter({ hasText: 'cannot be reached' })).toBeVisible();
  await ada.page.unroute('**/api/posts?*');
  await older.click();
  await expect(ada.page.getByRole('article')).toHaveCount(11);
  await expect(ada.page.getByRole('alert').filter({ hasText: 'cannot be reached' })).toHaveCount(0);
});

test('D5: an author writes, changes and deletes a post', async ({ enter, faults }) => {
  faults.expect(networkFaults);
  const { page, ...ada } = await enter('Ada');
  await page.goto('/posts');
  await settle(page);
  await page.getByRole('link', { name: 'Write' }).first().click();
  const title = page.getByLabel('Title');
  const text = page.getByLabel('Text');
  await expect(title).toBeVisible();

  await text.fill('A first paragraph.');
  await page.getByRole('button', { name: 'Publish' }).click();
  await expect(title).toHaveAttribute('aria-invalid', 'true');
  await expect(title).toBeFocused();
  await title.fill('The plan of Ada');
  await text.fill('A first paragraph.\n\nA second one.');
  await page.reload();
  await settle(page);
  await expect(title).toHaveValue('The plan of Ada');
  await expect(text).toHaveValue('A first paragraph.\n\nA second one.');
  await page.getByRole('button', { name: 'Publish' }).click();

  await expect(page.getByRole('heading', { level: 1, name: 'The plan of Ada' })).toBeVisible();
  await expect(page.getByRole('article').getByRole('paragraph').filter({ hasText: 'A second one.' })).toHaveText(
    'A second one.',
  );
  await expect(page.getByRole('article')).toContainText(ada.account.name);

  await page.getByRole('link', { name: 'Edit this post' }).click();
  await expect(title).toHaveValue('The plan of Ada');
  await title.fill('The better plan');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'The better plan' })).toBeVisible();
  await expect(page.getByRole('article')).toContainText('changed');
  const address = page.url();

  await page.getByRole('button', { name: 'Delete this post' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: 'Delete this post' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the post' }).click();
  await expect(page).toHaveURL('/posts');
  await expect(page.getByText('The better plan')).toHaveCount(0);
  expect((await page.goto(address))?.status()).toBe(404);
  await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
});

test('what is typed before the script is there is not replaced by the draft', async ({ enter }) => {
  const ada = await enter('Ada');
  const { page } = ada;
  const [title, text] = [page.getByLabel('Title'), page.getByLabel('Text')];
  await ada.visit('/posts/new');
  await title.fill('A plan');
  await text.fill('For the day.');
  const letGo = await holdScripts(page);
  await page.reload({ waitUntil: 'commit' });
  await title.fill('A better plan');
  letGo();
  await settle(page);
  await expect(text).toHaveValue('For the day.');
  await expect(title).toHaveValue('A better plan');
});

test('D5: others read a post and can change nothing; an owner of the house can', async ({ build, enter, faults }) => {
  faults.expect(networkFaults);
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const owner = await enter('Linus', { house, claim: house.claimUrl.split('/').at(-1) ?? '' });
  const [ada, grace] = [await enter('Ada', { house }), await enter('Grace', { house })];
  const post = await ada.write('The plan', 'It is good.');
  const path = `/posts/${post.id}`;
  await ada.visit(path);
  await expect(ada.page.getByRole('link', { name: 'Edit this post' })).toBeVisible();

  await grace.visit(path);
  await expect(grace.page.getByRole('heading', { name: 'The plan' })).toBeVisible();
  await expect(grace.page.getByRole('link', { name: 'Edit this post' })).toHaveCount(0);
  await expect(grace.page.getByRole('button', { name: 'Delete this post' })).toHaveCount(0);
  expect((await grace.page.goto(`${path}/edit`))?.status()).toBe(403);
  await expect(grace.page.getByRole('heading', { name: 'This is not for you to open' })).toBeVisible();
  expect((await grace.tryTo('PATCH', `/api${path}`, { title: 'Mine' })).status()).toBe(403);
  expect((await grace.tryTo('DELETE', `/api${path}`)).status()).toBe(403);

  await owner.visit(`${path}/edit`);
  await owner.page.getByLabel('Title').fill('The plan, corrected');
  await owner.page.getByRole('button', { name: 'Save' }).click();
  await expect(owner.page.getByRole('heading', { name: 'The plan, corrected' })).toBeVisible();
  await ada.page.reload();
  await expect(ada.page.getByRole('heading', { name: 'The plan, corrected' })).toBeVisible();
});

test('the way back from a post leads to the place in the list from which it was opened', async ({ build, enter }) => {
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const ada = await enter('Ada', { house });
  const { page } = ada;
  for (let index = 0; index < 25; index += 1) await ada.write(`Post ${index}`, 'Some words.');
  await ada.visit('/posts');
  await page.getByRole('button', { name: 'Older posts' }).click();
  await page.getByRole('link', { name: 'Post 7', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Post 7' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('article')).toHaveCount(20);
  await expect(page.getByRole('link', { name: 'Post 7', exact: true })).toBeInViewport();

  await page.getByRole('link', { name: 'Post 7', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Post 7' })).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Posts' }).click();
  await expect(page.getByRole('article')).toHaveCount(10);
  await expect(page.getByRole('link', { name: 'Post 24', exact: true })).toBeInViewport();
});
