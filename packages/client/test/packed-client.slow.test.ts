import { execFile } from 'node:child_process';
import { accessSync, constants, cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from '@playwright/test';
import { createServer as createVite, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../server/test/start-server.ts';
import type { Visitor } from '../../server/test/visitor.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const ownNode = process.execPath;

/** The machine's Node, which is not the one that the project brings along. */
function findSystemNode(): string {
  const { PATH = '' } = process.env;
  const folders = PATH.split(delimiter).filter((folder) => !folder.includes('node_modules'));
  const found = folders.map((folder) => join(folder, 'node')).find(isExecutable);
  if (found) return found;
  throw new Error('this machine has no Node of its own');
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

type Report = { node: string; hasWebSocket: boolean; refusal: string; user: string; bodies: string[] };

describe('the packed client in an empty folder', () => {
  let folder: string;
  let server: TestServer;
  let vite: ViteDevServer;
  let page: string;
  let ada: Visitor;
  let lobby: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parlour-packed-'));
    await install();
    vite = await createVite({ root: folder, logLevel: 'silent', server: { host: 'localhost', port: 0 } });
    await vite.listen();
    page = new URL(vite.resolvedUrls?.local[0] ?? '').origin;
    server = await startServer({ environment: { PARLOUR_ORIGINS: page } });
    ada = await server.signUp('Ada');
    lobby = (await ada.createRoom('lobby')).id;
  }, 120_000);

  afterAll(async () => {
    await vite?.close();
    await server?.stop();
    rmSync(folder, { recursive: true });
  });

  async function install(): Promise<void> {
    await run(ownNode, [join(root, 'packages/client/build.ts')]);
    for (const name of ['protocol', 'client']) {
      await run('npm', ['pack', '--pack-destination', folder], { cwd: join(root, 'packages', name, 'dist') });
    }
    const archives = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    expect(archives).toHaveLength(2);
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
    await run('npm', ['install', '--no-audit', '--no-fund', 'ws@8.23.0', ...archives.map((name) => `./${name}`)], {
      cwd: folder,
    });
    cpSync(join(import.meta.dirname, 'packed'), folder, { recursive: true });
  }

  async function reportFrom(node: string): Promise<Report> {
    const { stdout } = await run(node, ['use-client.js'], {
      cwd: folder,
      env: { SERVER: server.origin, COOKIE: ada.cookie, ROOM: lobby },
    });
    return JSON.parse(stdout) as Report;
  }

  test('the machine’s own Node, 20 or later, uses it, with `ws` where it has no WebSocket', async () => {
    const report = await reportFrom(findSystemNode());
    expect(Number.parseInt(report.node.slice(1), 10)).toBeGreaterThanOrEqual(20);
    expect(report.refusal).toMatch(report.hasWebSocket ? /^$/ : /no WebSocket.*"ws"/);
    expect(report).toMatchObject({ user: 'Ada', bodies: [`hello from ${report.node}`] });
  });

  test('Node 26 uses it with nothing else installed', async () => {
    const report = await reportFrom(ownNode);
    expect(report.node).toMatch(/^v26\./);
    expect(report).toMatchObject({ hasWebSocket: true, refusal: '', user: 'Ada' });
    expect(report.bodies.at(-1)).toBe(`hello from ${report.node}`);
  });

  test('a Vite page on an origin of its own uses it with a bearer token', async () => {
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
    try {
      const tab = await browser.newPage();
      const faults: string[] = [];
      tab.on('pageerror', (error) => faults.push(error.message));
      const query = new URLSearchParams({ server: server.origin, token: await ada.token(), room: lobby });
      await tab.goto(`${page}/#${query}`);
      await tab.getByText('hello from the page').waitFor();
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  }, 60_000);

  test('its types are whole, under the strictest settings of whoever uses it', async () => {
    const compile = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = await run(ownNode, [compile, '-p', folder]).catch((error: { stdout: string }) => error);
    expect(stdout).toBe('');
  }, 60_000);
});
