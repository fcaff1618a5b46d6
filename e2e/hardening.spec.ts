import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { networkFaults } from './page-faults.ts';
import { settle, signIn } from './person.ts';
import { RoomPage } from './room-page.ts';

/** What the browser reports as against a page's policy, over all pages of these browsers. */
async function watchViolations(...contexts: BrowserContext[]): Promise<string[]> {
  const found: string[] = [];
  for (const context of contexts) {
    await context.exposeBinding('noteViolation', (_, text: string) => void found.push(text));
    await context.addInitScript(() => {
      const { noteViolation } = window as unknown as { noteViolation(text: string): void };
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sample, sourceFile }) =>
        noteViolation([location.pathname, violatedDirective, blockedURI, sample, sourceFile].join(' ')),
      );
    });
  }
  return found;
}

async function close(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog').or(page.getByRole('menu'))).toHaveCount(0);
}

test.describe.configure({ timeout: 120_000 });

test('no page does what its policy forbids: those that strangers see', async ({ open, enter, build, faults }) => {
  faults.expect(networkFaults);
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const [visitor, ada] = [await open({ house }), await enter('Ada', { house })];
  const violations = await watchViolations(visitor);
  const { url } = await ada.invite(await ada.createRoom('lobby'));
  const page = await visitor.newPage();
  const doors = ['/sign-in', '/sign-up', '/forgot', house.claimUrl, url, '/join/none'];
  for (const path of ['/', ...doors, '/nowhere', '/rooms']) {
    await page.goto(path);
    await settle(page);
  }
  expect(violations).toEqual([]);
});

test('no page does what its policy forbids: the rooms, the posts and the house', async ({ enter, build, faults }) => {
  faults.expect(networkFaults);
  const house = await build({ PARLOUR_SIGN_UP: 'open' });
  const ada = await enter('Ada', { house });
  const violations = await watchViolations(ada.context);
  const room = await ada.createRoom('lobby');
  const post = await ada.write('A plan', 'For the day.');
  const rooms = ['/rooms', `/rooms/${room.id}`, '/rooms/find', '/rooms/none'];
  const posts = ['/posts', `/posts/${post.id}`, `/posts/${post.id}/edit`, '/posts/new'];
  for (const path of [...rooms, ...posts, '/house/people', '/house/history', '/nowhere']) await ada.visit(path);
  expect(violations).toEqual([]);
});

test('no page does what its policy forbids: the settings', async ({ enter }) => {
  const ada = await enter('Ada');
  const violations = await watchViolations(ada.context);
  for (const name of ['', '/security', '/devices', '/tokens', '/history']) await ada.visit(`/settings${name}`);
  expect(violations).toEqual([]);
});

test('no dialog and no menu does either', async ({ enter, faults }) => {
  faults.expect(networkFaults);
  const [ada, grace] = [await enter('Ada'), await enter('Grace')];
  const violations = await watchViolations(ada.context, grace.context);
  const { page } = ada;
  const room = await ada.createRoom('lobby');
  await grace.join(room);
  const lobby = await RoomPage.open(page, room);
  const graceRoom = await RoomPage.open(grace.page, room);
  await lobby.say('Have a look: https://example.org/ <script>alert(1)</script>');
  await lobby.hasNothingPending();
  await graceRoom.composer.pressSequentially('I am');
  await lobby.composer.pressSequentially('@gr');
  await expect(page.getByRole('listbox')).toBeVisible();
  await lobby.composer.fill('');
  for (const name of ['Invite people', 'New room', 'Take Grace out of the room']) {
    await page.getByRole('button', { name }).click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await close(page);
  }
  for (const name of ['More about this room', 'Settings and sign-out']) {
    await page.getByRole('button', { name }).click();
    await expect(page.getByRole('menu')).toBeVisible();
    await close(page);
  }
  await page.setViewportSize({ width: 360, height: 800 });
  await page.getByRole('button', { name: 'Members' }).click();
  await expect(page.getByRole('dialog', { name: 'Members' })).toBeVisible();
  await close(page);
  await page.reload();
  await settle(page);
  expect(violations).toEqual([]);
});

test('a script that was smuggled into a page does not run, while the page’s own do', async ({ open, faults }) => {
  faults.expect(/Content Security Policy|TrustedHTML|TrustedScript|Trusted Type/i);
  faults.expect(networkFaults);
  const context = await open();
  const violations = await watchViolations(context);
  const page = await context.newPage();
  // As if a hole in the server let text of somebody's into the page.
  await page.route('/sign-in', async (route) => {
    const response = await route.fetch();
    const smuggled = '<script>window.smuggled = "inline"</script><img src="x" onerror="window.smuggled = 1">';
    await route.fulfill({ response, body: (await response.text()).replace('<body>', `<body>${smuggled}`) });
  });
  await page.goto('/sign-in');
  await settle(page);
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect.poll(() => violations.length).toBeGreaterThanOrEqual(2);
  // And as if one of the scripts put it there.
  const refused = await page.evaluate(() => {
    const attempts = [
      () => {
        document.body.innerHTML = '<b>smuggled</b>';
      },
      () => {
        document.createElement('script').text = 'window.smuggled = "text"';
      },
      () => {
        document.createElement('script').src = 'https://evil.example/x.js';
      },
    ];
    return attempts.map((attempt) => {
      try {
        attempt();
        return 'done';
      } catch (error) {
        return (error as Error).name;
      }
    });
  });
  expect(refused).toEqual(['TypeError', 'TypeError', 'TypeError']);
  expect(await page.evaluate(() => (window as unknown as { smuggled?: unknown }).smuggled)).toBeUndefined();
});

test('no other site shows a page in a frame, or keeps a hand on its window', async ({ open, house, faults }) => {
  faults.expect(/frame|refused to connect|X-Frame-Options|Content Security Policy|net::ERR_BLOCKED/i);
  const server = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end(`<iframe src="${house.origin}/sign-in"></iframe>`),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const page = await (await open()).newPage();
    await page.goto('/sign-in');
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await expect.poll(() => page.frames().length).toBe(2);
    await expect(page.frameLocator('iframe').getByRole('button', { name: 'Sign in' })).toHaveCount(0);
    const [popup] = await Promise.all([
      page.waitForEvent('popup'),
      page.evaluate((address) => {
        (window as unknown as { opened: Window | null }).opened = window.open(address);
      }, `${house.origin}/sign-in`),
    ]);
    await expect(popup.getByRole('button', { name: 'Sign in' })).toBeVisible();
    expect(await popup.evaluate(() => window.opener)).toBeNull();
    expect(await page.evaluate(() => (window as unknown as { opened: Window }).opened.closed)).toBe(true);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('fault 22: no address of this house leads to another site', async ({ enter, open, faults }) => {
  faults.expect(networkFaults);
  const ada = await enter('Ada');
  const { origin } = new URL((await ada.context.request.get('/api/workspace')).url());
  const asked = [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/.//evil.example',
    '/%2F%2Fevil.example',
  ];
  for (const to of asked) {
    for (const door of ['/sign-in', '/sign-up']) {
      const answer = await ada.context.request.get(`${door}?to=${encodeURIComponent(to)}`, { maxRedirects: 0 });
      const location = answer.headers()['location'] ?? '/';
      expect([to, answer.status(), new URL(location, origin).origin]).toEqual([to, 302, origin]);
    }
  }
  for (const path of ['//evil.example', '//evil.example/%2e%2e', '/%0d%0alocation:%20https://evil.example']) {
    const answer = await ada.context.request.get(`${origin}${path}`, { maxRedirects: 0 });
    expect([path, new URL(answer.headers()['location'] ?? '/', origin).origin]).toEqual([path, origin]);
  }
  const page = await (await open()).newPage();
  await page.goto(`/sign-in?to=${encodeURIComponent('//evil.example')}`);
  await signIn(page, ada.account.email);
  await expect(page).toHaveURL(`${origin}/rooms`);
});
