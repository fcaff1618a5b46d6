import type { Page } from '@playwright/test';
import { TestSocket } from '../packages/server/test/test-socket.ts';
import { expect, test } from './fixtures.ts';
import { password, settle } from './person.ts';

async function makeToken(page: Page, name: string, scope: RegExp): Promise<string> {
  await page.getByRole('button', { name: 'New token' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('radio', { name: scope }).check();
  await dialog.getByRole('button', { name: 'Make the token' }).click();
  await expect(dialog).toContainText('it is not shown again');
  const token = await dialog.getByRole('textbox', { name: 'The token' }).inputValue();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toHaveCount(0);
  return token;
}

test('P-GRANT-1: a token is made, shown once, used by a script, and revoked with its sockets', async ({
  enter,
  house,
}) => {
  const ada = await enter('Ada');
  const room = await ada.createRoom('lobby');
  await ada.visit('/settings/tokens');
  await expect(ada.page.getByText('You have none.')).toBeVisible();

  await ada.page.getByRole('button', { name: 'New token' }).click();
  await ada.page.getByRole('button', { name: 'Make the token' }).click();
  await expect(ada.page.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true');
  await ada.page.getByRole('button', { name: 'Cancel' }).click();

  const token = await makeToken(ada.page, 'Weather bot', /Reads and writes/);
  expect(token).toMatch(/^parlour_pat_[\w-]{43}$/);
  const row = ada.page.getByRole('listitem').filter({ hasText: 'Weather bot' });
  await expect(row).toContainText('Reads and writes');
  await expect(row).toContainText('Not used yet');

  const call = (method: string, path: string, body?: object) =>
    fetch(`${house.origin}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  expect((await call('POST', `/api/rooms/${room.id}/messages`, { id: 'rain', body: 'It rains.' })).status).toBe(201);
  expect((await call('GET', '/api/account')).status).toBe(403);
  const { ticket } = (await (await call('POST', '/api/sockets/tickets')).json()) as { ticket: string };
  const { token: jwt } = (await (await call('GET', '/api/auth/token')).json()) as { token: string };
  const socket = await TestSocket.open(house.origin, ticket);
  socket.send({ type: 'authenticate', token: jwt });
  await socket.next('authenticated');

  await ada.page.reload();
  await settle(ada.page);
  expect(await ada.page.content()).not.toContain(token);
  await expect(row).toContainText('Last used');
  await row.getByRole('button', { name: 'Revoke Weather bot' }).click();
  await ada.page.getByRole('dialog').getByRole('button', { name: 'Revoke it' }).click();
  expect(await socket.closed).toEqual({ code: 4403, reason: 'token_revoked' });
  await expect(ada.page.getByText('You have none.')).toBeVisible();
  expect((await call('GET', '/api/rooms')).status).toBe(401);
});

test('P-GRANT-2: who signed in long ago shows again who they are, and loses nothing of the form', async ({
  enter,
  faults,
}) => {
  faults.expect(/Failed to load resource.*403/);
  const ada = await enter('Ada');
  await ada.visit('/settings/tokens');
  let asked = 0;
  await ada.page.route('**/api/account/access-tokens', async (route) => {
    if (route.request().method() !== 'POST' || asked > 0) return route.continue();
    asked += 1;
    const problem = { type: 'about:blank', title: '', status: 403, detail: '', code: 'confirmation_required' };
    return route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify(problem) });
  });
  await ada.page.getByRole('button', { name: 'New token' }).click();
  await ada.page.getByLabel('Name').fill('Late bot');
  await ada.page.getByRole('button', { name: 'Make the token' }).click();
  await ada.page.getByLabel('Password').fill(password);
  await ada.page.getByRole('button', { name: 'Confirm' }).click();
  await expect(ada.page.getByRole('textbox', { name: 'The token' })).toHaveValue(/^parlour_pat_/);
  await expect(ada.page.getByRole('dialog')).toContainText('Late bot');
});
