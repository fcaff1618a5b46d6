import { readFile } from 'node:fs/promises';
import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixtures.ts';
import { settle } from './person.ts';

test('the owner reads the history of the house, narrows it down and takes it along', async ({ build, enter }) => {
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const claim = new URL(house.claimUrl).pathname.split('/').at(-1) ?? '';
  const [ada, grace] = [await enter('Ada', { house, claim }), await enter('Grace', { house })];
  const { page } = ada;
  await ada.visit('/rooms');
  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'History' })).toBeVisible();
  await expect(page.getByText('Signed in for the first time')).toHaveCount(2);
  await expect(page.getByRole('listitem').filter({ hasText: 'Claimed the house' })).toBeVisible();
  await expectAccessible(page, 'history of the house');

  await page.getByLabel('What').selectOption({ label: 'Signed up' });
  await expect(page.getByText('Signed in for the first time')).toHaveCount(0);
  await page.getByRole('button', { name: 'Grace' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Ada' }).filter({ hasText: 'Signed up' })).toHaveCount(0);
  await expect(page).toHaveURL(`/house/history?kind=signed_up&person=${grace.account.id}`);
  await page.reload();
  await settle(page);
  await expect(page.getByLabel('What')).toHaveValue('signed_up');

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('parlour-history.jsonl');
  const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ kind: 'signed_up', actor: { name: 'Grace' } }]);

  await page.getByRole('button', { name: 'Show everybody' }).click();
  await page.getByLabel('What').selectOption({ label: 'Exported the history' });
  const exported = page.getByRole('listitem').filter({ hasText: 'Exported the history' });
  await expect(exported.getByRole('button', { name: 'Ada' })).toBeVisible();
  await page.getByLabel('What').selectOption({ label: 'Banned' });
  await expect(page.getByText('Nothing of this kind happened.')).toBeVisible();

  // One choice right behind the other, as with the keys: none of them is lost, and the last one counts.
  await page.evaluate(() => {
    for (const [name, value] of [
      ['kind', 'signed_up'],
      ['from', '2020-01-01'],
      ['kind', 'audit_exported'],
    ]) {
      const field = document.querySelector<HTMLInputElement | HTMLSelectElement>(`[name="${name}"]`);
      if (field === null || value === undefined) throw new Error(`there is no ${name}`);
      field.value = value;
      field.dispatchEvent(new Event('change'));
    }
  });
  await expect(page).toHaveURL('/house/history?kind=audit_exported&from=2020-01-01');
  await expect(exported).toBeVisible();
});

test('everybody reads their own history, and nobody else’s', async ({ enter, faults }) => {
  faults.expect(/Failed to load resource/);
  const [grace] = [await enter('Grace'), await enter('Linus')];
  const { page } = grace;
  await grace.visit('/settings/history');
  await expect(page.getByText('Signed in for the first time')).toBeVisible();
  await expect(page.getByText('Linus')).toHaveCount(0);
  await expectAccessible(page, 'one’s own history');
  await page.goto('/house/history');
  await settle(page);
  await expect(page.getByText('Your role in this house does not allow that.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'History' })).toHaveCount(0);
});
