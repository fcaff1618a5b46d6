import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { networkFaults } from './page-faults.ts';
import { settle } from './person.ts';
import { RoomPage } from './room-page.ts';

/** Whatever of a page outlives it or can be read by its scripts. */
async function readKept(page: Page): Promise<string> {
  const kept = await page.evaluate(async () => {
    const databases = await indexedDB.databases();
    return JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      document.documentElement.outerHTML,
      location.href,
      databases,
      await caches.keys(),
    ]);
  });
  return `${kept}\n${await (await page.request.get(page.url())).text()}`;
}

test('fault 5, fault 16, B3: no token and no ticket is stored, in the page, or in an address', async ({ enter }) => {
  const ada = await enter('Ada');
  const room = await ada.createRoom('lobby');
  const post = await ada.write('A plan', 'For the day.');
  const secrets: string[] = [];
  const addresses: string[] = [];
  const { page } = ada;
  page.on('request', (request) => addresses.push(request.url()));
  page.on('websocket', (socket) => addresses.push(socket.url()));
  page.on('response', async (response) => {
    const { pathname } = new URL(response.url());
    if (pathname !== '/api/sockets/tickets' && pathname !== '/api/auth/token') return;
    const { ticket, token } = (await response.json()) as { ticket?: string; token?: string };
    secrets.push(ticket ?? token ?? '');
  });

  const paths = [
    '/rooms',
    `/rooms/${room.id}`,
    '/rooms/find',
    '/posts',
    `/posts/${post.id}`,
    '/posts/new',
    '/settings',
    '/settings/devices',
  ];
  for (const [index, path] of paths.entries()) {
    await ada.visit(path);
    if (path === `/rooms/${room.id}`) {
      const lobby = new RoomPage(page, 'lobby');
      await lobby.isLive();
      await lobby.say('Hello.');
      await lobby.hasNothingPending();
      await lobby.composer.fill('A draft');
    }
    // Each page opens a socket of its own, with its own pair; the next page takes the answers of this one away.
    await expect.poll(() => secrets.length).toBeGreaterThanOrEqual(2 * (index + 1));
    const session = (await ada.context.cookies()).find((cookie) => cookie.name.endsWith('session_token'));
    const all = [
      ...secrets,
      session?.value ?? '',
      decodeURIComponent(session?.value ?? ''),
      decodeURIComponent(session?.value ?? '').split('.')[0] ?? '',
    ];
    for (const secret of all) expect(secret.length).toBeGreaterThan(20);
    const kept = await readKept(page);
    expect(
      all.filter((secret) => kept.includes(secret)),
      path,
    ).toEqual([]);
    expect(kept, path).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);
    expect(
      all.filter((secret) => addresses.some((address) => address.includes(secret))),
      path,
    ).toEqual([]);
  }
  expect(addresses.some((address) => address.startsWith('ws:'))).toBe(true);
  // Nothing is fetched from anywhere else.
  const { origin, host } = new URL(page.url());
  const elsewhere = addresses.filter(
    (address) => !address.startsWith(`${origin}/`) && !address.startsWith(`ws://${host}/`),
  );
  expect(elsewhere.filter((address) => !address.startsWith('data:'))).toEqual([]);
});

test('signing out leaves nothing of the person in the browser', async ({ enter, faults }) => {
  // Whatever the page still asks for while it goes is refused.
  faults.expect(networkFaults);
  const ada = await enter('Ada');
  const room = await ada.createRoom('lobby');
  const lobby = await RoomPage.open(ada.page, room);
  await lobby.say('Said before.');
  await lobby.hasNothingPending();
  await lobby.composer.fill('A secret draft');
  await ada.page.getByRole('button', { name: 'Settings and sign-out' }).click();
  await ada.page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(ada.page).toHaveURL('/sign-in');
  await settle(ada.page);

  const kept = await readKept(ada.page);
  for (const trace of ['A secret draft', 'Said before.', ada.account.email, ada.account.id])
    expect(kept).not.toContain(trace);
  const session = (await ada.context.cookies()).find((cookie) => cookie.name.endsWith('session_token'));
  expect(session).toBeUndefined();
});
