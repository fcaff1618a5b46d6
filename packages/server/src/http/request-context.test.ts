import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { newRoutes } from './http-app.ts';
import { requestContext } from './request-context.ts';

const from = (remoteAddress: string) => ({ incoming: { socket: { remoteAddress } } as IncomingMessage });

function createHouse(...proxies: string[]) {
  const app = newRoutes();
  app.use(requestContext(proxies));
  app.get('*', (c) => c.text(c.var.clientAddress));
  return async (peer: string, forwarded?: string) => {
    const headers: Record<string, string> = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
    return await (await app.request('/', { headers }, from(peer))).text();
  };
}

describe('the address of a request', () => {
  it('is the peer’s, and no header changes it unless a proxy is named', async () => {
    const find = createHouse();
    expect(await find('192.0.2.1')).toBe('192.0.2.1');
    expect(await find('192.0.2.1', '198.51.100.7')).toBe('192.0.2.1');
    expect(await find('::ffff:192.0.2.1')).toBe('192.0.2.1');
  });

  it('is the last that no named proxy vouches for further', async () => {
    const find = createHouse('127.0.0.1', '10.0.0.0/8', '2001:db8::/32');
    expect(await find('127.0.0.1', '198.51.100.7')).toBe('198.51.100.7');
    expect(await find('::ffff:127.0.0.1', '6.6.6.6, 198.51.100.7, 10.1.2.3')).toBe('198.51.100.7');
    expect(await find('2001:db8::1', '2001:db9::9')).toBe('2001:db9::9');
    expect(await find('198.51.100.7', '6.6.6.6')).toBe('198.51.100.7');
    expect(await find('127.0.0.1', 'nonsense')).toBe('127.0.0.1');
    expect(await find('127.0.0.1')).toBe('127.0.0.1');
  });

  it('is what an in-process caller says', async () => {
    const app = newRoutes();
    app.use(requestContext([]));
    app.get('*', (c) => c.text(c.var.clientAddress));
    expect(await (await app.request('/', {}, { clientAddress: '192.0.2.9' })).text()).toBe('192.0.2.9');
    expect(await (await app.request('/')).text()).toBe('');
  });
});

describe('every answer', () => {
  it('has an id and, under /api, is not kept (D8)', async () => {
    const app = newRoutes();
    app.use(requestContext([]));
    app.get('/api/keys', (c) => c.text('', 200, { 'cache-control': 'public' }));
    app.get('*', (c) => c.text(''));
    const { headers } = await app.request('/api/account');
    expect(headers.get('x-request-id')).toMatch(/^[a-z0-9]{16}$/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect((await app.request('/api/keys')).headers.get('cache-control')).toBe('public');
    expect((await app.request('/page')).headers.has('cache-control')).toBe(false);
  });
});
