import { ParlourError } from '@parlour/protocol/errors';
import { describe, expect, it } from 'vitest';
import { silentLog } from '../log.ts';
import { refuseCrossSite } from './cross-site.ts';
import { newRoutes } from './http-app.ts';
import { Origins } from './origins.ts';
import { createErrorHandler } from './problem.ts';

const listed = 'https://app.example';

function createHouse(publicOrigin?: string) {
  const app = newRoutes();
  app.onError(createErrorHandler(silentLog));
  app.use(refuseCrossSite(new Origins({ publicOrigin, listed: [listed], port: () => 3000 })));
  app.all('/', (c) => c.text('done'));
  app.all('/refused', () => {
    throw new ParlourError('not_authenticated', 'Sign in first.');
  });
  return async (method: string, headers: Record<string, string> = {}, path = '/') =>
    await app.request(`http://host.example${path}`, { method, headers });
}

const statuses = async (call: ReturnType<typeof createHouse>, method: string, all: Record<string, string>[]) =>
  await Promise.all(all.map(async (headers) => (await call(method, headers)).status));

describe('a request that changes something, without Authorization', () => {
  const call = createHouse('https://house.example');
  const own = { origin: 'https://house.example' };

  it('is taken from this house, and from what is no browser', async () => {
    const good = [{}, own, { ...own, 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }];
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect(await statuses(call, method, good)).toEqual([200, 200, 200, 200]);
    }
  });

  it('is refused from any other site (D3)', async () => {
    const bad = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'http://house.example' },
      { origin: 'https://house.example:444' },
      { origin: 'https://house.example.evil.example' },
      { origin: listed },
      { ...own, 'sec-fetch-site': 'cross-site' },
      { ...own, 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
    ];
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'MERGE']) {
      expect(new Set(await statuses(call, method, bad))).toEqual(new Set([403]));
    }
    const answer = await call('POST', { origin: 'https://evil.example' });
    expect(await answer.json()).toMatchObject({ code: 'cross_site' });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });

  it('is not made our own by a Host header (D3)', async () => {
    expect((await call('POST', own)).status).toBe(200);
    expect((await call('POST', { host: 'evil.example', origin: 'https://evil.example' })).status).toBe(403);
    expect((await call('POST', { host: 'host.example', origin: 'http://host.example' })).status).toBe(403);
  });

  it('may be read from anywhere, by whoever the browser lets', async () => {
    expect(
      await statuses(call, 'GET', [{}, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }]),
    ).toEqual([200, 200]);
    expect((await call('GET', { origin: listed })).headers.has('access-control-allow-origin')).toBe(false);
  });
});

describe('this house, where no PUBLIC_URL is set', () => {
  const call = createHouse();

  it('is the loopback at its port, and nothing else', async () => {
    const ours = ['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'];
    const others = ['http://localhost:3001', 'https://localhost:3000', 'http://localhost', 'http://192.168.0.9:3000'];
    expect(
      await statuses(
        call,
        'POST',
        ours.map((origin) => ({ origin })),
      ),
    ).toEqual([200, 200, 200]);
    expect(
      await statuses(
        call,
        'POST',
        others.map((origin) => ({ origin })),
      ),
    ).toEqual([403, 403, 403, 403]);
  });

  it('is written as a browser writes it at port 80', () => {
    const origins = new Origins({ publicOrigin: undefined, listed: [], port: () => 80 });
    expect([origins.own, origins.isOurs('http://127.0.0.1')]).toEqual(['http://localhost', true]);
  });
});

describe('a request with Authorization', () => {
  const call = createHouse('https://house.example');
  const bearer = { authorization: 'Bearer x' };

  it('is taken from this house, from a listed origin and from what is no browser, whatever Fetch Metadata says', async () => {
    const good = [
      bearer,
      { ...bearer, origin: 'https://house.example' },
      { ...bearer, origin: listed, 'sec-fetch-site': 'cross-site' },
    ];
    expect(await statuses(call, 'POST', good)).toEqual([200, 200, 200]);
    for (const method of ['GET', 'POST']) {
      expect((await call(method, { ...bearer, origin: 'https://evil.example' })).status).toBe(403);
    }
  });

  it('is answered with CORS for a listed origin, and never with credentials', async () => {
    const answer = await call('POST', { ...bearer, origin: listed });
    expect(answer.headers.get('access-control-allow-origin')).toBe(listed);
    expect(answer.headers.get('vary')).toBe('origin');
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false);
    const refused = await call('POST', { ...bearer, origin: listed }, '/refused');
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, listed]);
    const own = await call('POST', { ...bearer, origin: 'https://house.example' });
    expect(own.headers.has('access-control-allow-origin')).toBe(false);
  });

  it('is announced by a preflight, which only a listed origin with a bearer passes', async () => {
    const ask = (origin: string, names: string) =>
      call('OPTIONS', {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': names,
      });
    const passed = await ask(listed, 'authorization,content-type');
    expect(passed.status).toBe(204);
    expect(passed.headers.get('access-control-allow-origin')).toBe(listed);
    expect(passed.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(passed.headers.has('access-control-allow-credentials')).toBe(false);
    for (const [origin, names] of [
      ['https://evil.example', 'authorization'],
      [listed, 'content-type'],
    ] as const) {
      expect((await ask(origin, names)).headers.has('access-control-allow-origin')).toBe(false);
    }
  });
});
