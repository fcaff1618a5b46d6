import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, expect as expectPage, type Page } from '@playwright/test';
import { createServer as createVite, type ViteDevServer } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../packages/server/test/start-server.ts';
import { testPassword, type Visitor } from '../../packages/server/test/visitor.ts';

describe('the React example', () => {
  let folder: string;
  let server: TestServer;
  let vite: ViteDevServer;
  let browser: Browser;
  let address: string;
  let ada: Visitor;
  let grace: Visitor;
  const faults: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parlour-example-'));
    server = await startServer({ folder });
    [ada, grace] = [await server.signUp('Ada'), await server.signUp('Grace')];
    for (const name of ['lobby', 'workshop']) await grace.join((await ada.createRoom(name)).id);
    process.env['EXAMPLE_SERVER'] = server.origin;
    vite = await createVite({
      root: import.meta.dirname,
      logLevel: 'silent',
      cacheDir: join(folder, 'vite'),
      server: { host: 'localhost', port: 0 },
    });
    await vite.listen();
    address = vite.resolvedUrls?.local[0] ?? '';
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  });

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(faults.splice(0)).toEqual([]);
  });

  afterAll(async () => {
    await browser?.close();
    await vite?.close();
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  async function open(): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(address);
    return page;
  }

  async function signIn(visitor: Visitor, room: string): Promise<Page> {
    const page = await open();
    await page.getByLabel('Email').fill(visitor.account.email);
    await page.getByLabel('Password').fill(testPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expectPage(page.getByRole('status')).toHaveText('Connected');
    await page.getByRole('navigation').getByRole('button', { name: room }).click();
    await expectPage(page.getByRole('heading', { level: 1 })).toHaveText(room);
    return page;
  }

  async function write(page: Page, text: string): Promise<void> {
    await page.getByRole('textbox').fill(text);
    await page.getByRole('textbox').press('Enter');
  }

  test('a wrong password is told beside the form', async () => {
    const page = await open();
    await page.getByLabel('Email').fill(ada.account.email);
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expectPage(page.getByRole('alert')).toBeVisible();
  });

  test('B8: shows the connection, the broadcast stream of a room and the personal stream of its own', async () => {
    const [adas, graces] = [await signIn(ada, 'lobby'), await signIn(grace, 'lobby')];
    await write(adas, 'hello from Ada');
    await expectPage(graces.getByRole('log')).toContainText('hello from Ada');
    await expectPage(graces.getByRole('list', { name: 'Events' })).toContainText('message from Ada');
    await expectPage(graces.getByRole('list', { name: 'Here now' })).toContainText('Ada');
    await expectPage(adas.getByText('2 people here')).toBeVisible();

    await graces.getByRole('navigation').getByRole('button', { name: 'workshop' }).click();
    await expectPage(graces.getByRole('list', { name: 'Here now' })).toHaveText('Grace');
    await write(adas, 'still there?');
    await expectPage(graces.getByRole('list', { name: 'Notices' })).toContainText('1 unread in lobby');
    await expectPage(adas.getByRole('list', { name: 'Notices' })).not.toContainText('lobby');
  });

  test('B7, B8: says so while the network is gone, and sends what was written when it is back', async () => {
    const page = await signIn(ada, 'workshop');
    await page.context().setOffline(true);
    await expectPage(page.getByRole('status')).toContainText('Offline');
    await write(page, 'from the tunnel');
    await expectPage(page.getByRole('log')).toContainText('Waiting for the network');
    await page.context().setOffline(false);
    await expectPage(page.getByRole('status')).toHaveText('Connected');
    await expectPage(page.getByRole('list', { name: 'Events' })).toContainText('message from Ada');
    await expectPage(page.getByText('Waiting for the network')).toHaveCount(0);
  });

  test('fault 20: signing out ends it, also in another window', async () => {
    const page = await signIn(ada, 'lobby');
    const second = await page.context().newPage();
    await second.goto(address);
    await expectPage(second.getByRole('status')).toHaveText('Connected');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expectPage(page.getByText('You signed out.')).toBeVisible();
    await expectPage(second.getByText('You signed out.')).toBeVisible();
  });
});
