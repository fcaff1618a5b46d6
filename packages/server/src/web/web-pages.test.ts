import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWebPages, type WebPages, type WebPagesOptions } from './web-pages.ts';

/** Stands in for the built application: what it does is written in the address. */
const application = `
const decode = (response) => JSON.parse(new TextDecoder().decode(response.body));
export async function render(page, callApi) {
  const path = page.path;
  if (path === '/crash') process.exit(1);
  if (path === '/spin') for (;;);
  if (path === '/late') return (await import('./chunks/late.mjs')).page;
  if (path.startsWith('/join/')) console.error('[request error] ' + path + '\\n    at once');
  if (path === '/throw') throw new Error('not today');
  if (path === '/environment') return { status: 200, headers: {}, body: Object.keys(process.env).join() };
  const account = decode(await callApi({ method: 'GET', path: '/api/account', headers: {} }));
  return {
    status: 200,
    headers: { 'content-type': 'text/html', 'x-powered-by': 'Something', 'set-cookie': ['a=1', 'b=2'] },
    body: '<h1>' + account.name + '</h1>' + (page.headers.cookie ?? ''),
  };
}`;

let folder: string;
let pages: WebPages;
const logged: string[] = [];
const details: unknown[] = [];

async function open(options: Partial<WebPagesOptions> = {}): Promise<void> {
  pages = createWebPages({
    outputFolder: folder,
    log: { error: (message, more) => void [logged.push(message), details.push(more)] },
    sockets: [],
    handleApi: async (request) => Response.json({ name: request.headers.get('cookie') ?? 'nobody' }),
    restartDelay: 1,
    ...options,
  });
}

const get = (path: string, headers: Record<string, string> = {}) =>
  pages.fetch(new Request(`http://parlour.test${path}`, { headers }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlour-pages-'));
  await mkdir(join(folder, 'server'), { recursive: true });
  await mkdir(join(folder, 'public', '_nuxt'), { recursive: true });
  await writeFile(join(folder, 'server', 'index.mjs'), application);
  await writeFile(join(folder, 'public', '_nuxt', 'entry.abc.js'), 'console.log(1)');
  await writeFile(join(folder, 'public', '_nuxt', 'entry.abc.js.gz'), gzipSync('console.log(1)'));
  await writeFile(join(folder, 'public', 'favicon.svg'), '<svg/>');
  logged.length = 0;
  details.length = 0;
});

afterEach(async () => {
  await pages.close();
  await rm(folder, { recursive: true, force: true });
});

describe('rendering', () => {
  test('D1: the API sees the cookie of the person whose page it is, and nobody else’s', async () => {
    await open();
    const people = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 'session=ada' : 'session=grace'));
    const answers = await Promise.all(people.map(async (cookie) => (await get('/rooms', { cookie })).text()));
    expect(answers).toEqual(people.map((cookie) => `<h1>${cookie}</h1>${cookie}`));
    expect(await (await get('/rooms')).text()).toBe('<h1>nobody</h1>');
  });

  test('D8: a page is never stored, and keeps the headers that rendering gave it', async () => {
    await open();
    const response = await get('/rooms');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('x-powered-by')).toBeNull();
  });

  test('a session that the API renews while a page is rendered reaches the browser', async () => {
    await open({ handleApi: async () => Response.json({ name: 'ada' }, { headers: { 'set-cookie': 'session=new' } }) });
    expect((await get('/rooms')).headers.getSetCookie()).toEqual(['a=1', 'b=2', 'session=new']);
  });

  test('the worker sees nothing of the server’s environment', async () => {
    await open();
    expect(await (await get('/environment')).text()).toBe('NODE_ENV');
  });

  test('pages are only read', async () => {
    await open();
    expect((await get('/rooms')).status).toBe(200);
    const response = await pages.fetch(new Request('http://parlour.test/rooms', { method: 'POST' }));
    expect(response.status).toBe(405);
  });
});

describe('trouble', () => {
  test('a build that replaces the files under a running server breaks nothing', async () => {
    await mkdir(join(folder, 'server', 'chunks'));
    await writeFile(
      join(folder, 'server', 'chunks', 'late.mjs'),
      `export const page = { status: 200, headers: {}, body: 'late' }`,
    );
    await open();
    expect((await get('/rooms')).status).toBe(200);
    await rm(join(folder, 'server'), { recursive: true });
    await rm(join(folder, 'public'), { recursive: true });
    expect(await (await get('/late')).text()).toBe('late');
    expect(await (await get('/_nuxt/entry.abc.js')).text()).toBe('console.log(1)');
  });

  test('what the pages print is one entry of the log, without the code of an invite', async () => {
    await open();
    await get('/join/uLeRKWJ3fG0vqtko');
    await expect.poll(() => details).toEqual([{ said: '[request error] /join/…\n    at once' }]);
  });

  test('the page kit’s own error page, which shows what its address says, is not for visitors', async () => {
    await open();
    for (const path of [
      '/__nuxt_error?message=Send+your+password',
      '/%5f_nuxt_error?message=x',
      '/x/..//__nuxt_error',
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    }
  });

  test('I9: what waits to be rendered is bounded, and the rest is told to come back', async () => {
    const held = Promise.withResolvers<void>();
    const handleApi = async () => {
      await held.promise;
      return Response.json({ name: 'ada' });
    };
    await open({ handleApi, concurrency: 2, waitingLimit: 3 });
    const answers = Array.from({ length: 9 }, () => get('/rooms'));
    const refused = await Promise.race(answers);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('2');
    held.resolve();
    const statuses = (await Promise.all(answers)).map((response) => response.status);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(3);
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThanOrEqual(4);
  });

  test('a page that throws fails alone', async () => {
    await open();
    expect((await get('/throw')).status).toBe(503);
    expect((await get('/rooms')).status).toBe(200);
    expect(logged).toEqual(['A page could not be rendered.']);
  });

  test('a worker that dies is started again, and what waited is rendered', async () => {
    await open({ concurrency: 1 });
    const [crashed, waited] = await Promise.all([get('/crash'), get('/rooms')]);
    expect(crashed.status).toBe(503);
    expect(waited.status).toBe(200);
  });

  test('a worker that hangs is given up and replaced', async () => {
    await open({ timeout: 300, concurrency: 1 });
    const status = async () => (await get('/rooms')).status;
    await expect.poll(status).toBe(200);
    expect((await get('/spin')).status).toBe(503);
    await expect.poll(status).toBe(200);
  });
});

describe('static files', () => {
  test('come compressed where the browser takes it, and for ever where the name changes with the content', async () => {
    await open();
    const plain = await get('/_nuxt/entry.abc.js');
    expect(await plain.text()).toBe('console.log(1)');
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(plain.headers.get('vary')).toBe('accept-encoding');
    const packed = await get('/_nuxt/entry.abc.js', { 'accept-encoding': 'br;q=1, gzip' });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(packed.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect((await get('/favicon.svg')).headers.get('cache-control')).toBe('public, max-age=3600');
  });

  test('are not sent again to a browser that has them', async () => {
    await open();
    const etag = (await get('/favicon.svg')).headers.get('etag') ?? '';
    expect((await get('/favicon.svg', { 'if-none-match': etag })).status).toBe(304);
  });

  test('nothing outside the public folder can be named', async () => {
    await open();
    expect((await get('/_nuxt/gone.js')).status).toBe(404);
    expect((await get('/_nuxt/../server/index.mjs')).headers.get('content-type')).toBe('text/html');
    expect((await get('/_nuxt/%2e%2e/%2e%2e/server/index.mjs')).headers.get('content-type')).not.toContain('script');
  });
});
