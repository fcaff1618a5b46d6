import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createWebPages } from '../src/web/web-pages.ts';
import { startServer, type TestServer } from './start-server.ts';

const listed = 'https://app.example';
let house: TestServer;
let secureHouse: TestServer;

async function open(environment: Record<string, string>): Promise<TestServer> {
  const server = await startServer({ environment: { PARLOUR_ORIGINS: listed, ...environment } });
  const outputFolder = join(import.meta.dirname, 'stub-pages');
  const { handleApi, sockets } = server.app;
  server.app.servePages(createWebPages({ outputFolder, handleApi, sockets, log: { error: () => undefined } }));
  return server;
}

beforeAll(async () => {
  house = await open({});
  secureHouse = await open({ PUBLIC_URL: 'https://chat.example.org' });
});
afterAll(() => Promise.all([house.stop(), secureHouse.stop()]));

const ask = (path: string, init: RequestInit = {}, server = house) =>
  fetch(new URL(path, server.origin), { redirect: 'manual', ...init });

const answers: [what: string, status: number, path: string, init?: RequestInit][] = [
  ['a page', 200, '/rooms'],
  ['a page asked for by HEAD', 200, '/rooms', { method: 'HEAD' }],
  ['a page that is not read', 405, '/rooms', { method: 'POST' }],
  ['the page kit’s own address', 404, '/__nuxt_error'],
  ['a file', 200, '/robots.txt'],
  ['a file that is gone', 404, '/_nuxt/gone.js'],
  ['the API', 200, '/api/workspace'],
  ['an anonymous refusal', 403, '/api/account'],
  ['a refusal for want of a login', 401, '/api/auth/token'],
  ['a malformed request', 400, '/api/auth/sign-in/email', post('{')],
  ['another media type', 415, '/api/auth/sign-in/email', { method: 'POST', body: 'x' }],
  ['an invalid field', 422, '/api/auth/sign-in/email', post('{}')],
  ['another site', 403, '/api/auth/sign-out', { method: 'POST', headers: { origin: 'https://evil.example' } }],
  ['a preflight', 204, '/api/account', preflight('authorization')],
  ['an address that is none', 404, '/api/nowhere'],
  ['another method', 405, '/api/auth/token', { method: 'DELETE' }],
  ['the description', 200, '/api/openapi.json'],
  ['the description for people', 200, '/api/docs'],
  ['the key set', 200, '/api/auth/jwks'],
  ['health', 200, '/health/ready'],
  ['an address below health that is none', 404, '/health/nowhere'],
];

function post(body: string): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body };
}

function preflight(names: string): RequestInit {
  const asked = { 'access-control-request-method': 'GET', 'access-control-request-headers': names };
  return { method: 'OPTIONS', headers: { origin: listed, ...asked } };
}

const fixed = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

// Not by fetch, which refuses to.
function trace(path: string): Promise<{ status?: number; headers: object; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, house.origin), { method: 'TRACE', headers: { 'x-told': 'a secret' } });
    sent.on('error', reject).on('response', async (answer) => {
      const text = (await answer.toArray()).join('');
      const { statusCode: status = 0, headers } = answer;
      resolve({ status, headers, text });
    });
    sent.end();
  });
}

describe('every answer is hardened', () => {
  test.each(answers)('%s (%i)', async (_, status, path, init) => {
    const answer = await ask(path, init);
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(answer.headers)).toMatchObject(fixed);
    expect(answer.headers.get('permissions-policy')).toContain('publickey-credentials-get=(self)');
    expect(answer.headers.get('permissions-policy')).toContain('camera=()');
    const policy = answer.headers.get('content-security-policy') ?? '';
    for (const part of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'"]) {
      expect(policy.split('; ')).toContain(part);
    }
    expect(policy).not.toMatch(/unsafe-|\*|http:|https:|data:|blob:/);
    expect(answer.headers.has('strict-transport-security')).toBe(false);
    await answer.body?.cancel();
  });

  test('also one that is not sent again (304)', async () => {
    const etag = (await ask('/robots.txt')).headers.get('etag') ?? '';
    const answer = await ask('/robots.txt', { headers: { 'if-none-match': etag } });
    expect(answer.status).toBe(304);
    expect(Object.fromEntries(answer.headers)).toMatchObject(fixed);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('also one to TRACE, which repeats nothing', async () => {
    for (const path of ['/', '/rooms', '/api/workspace']) {
      const answer = await trace(path);
      expect([path, answer.status]).toEqual([path, expect.toSatisfy((status) => [404, 405].includes(status))]);
      expect(answer.text).not.toContain('a secret');
      expect(answer.headers).toMatchObject(fixed);
    }
  });

  test('and promises https exactly where the house is at https', async () => {
    for (const [, , path, init] of answers) {
      if (init?.method === 'OPTIONS') continue;
      const { headers } = await ask(path, init, secureHouse);
      expect([path, headers.get('strict-transport-security')]).toEqual([path, 'max-age=63072000']);
    }
  });
});

describe('the policy of a page', () => {
  const policyOf = async (path: string, server = house) =>
    (await ask(path, {}, server)).headers.get('content-security-policy') ?? '';
  const nonceOf = (policy: string) => /'nonce-([\w-]+)'/.exec(policy)?.[1];

  test('has a nonce of 128 bits that no other page has', async () => {
    const nonces = await Promise.all(Array.from({ length: 20 }, async () => nonceOf(await policyOf('/rooms'))));
    expect(new Set(nonces).size).toBe(20);
    for (const nonce of nonces) expect(nonce).toMatch(/^[\w-]{22}$/);
    expect((await ask('/rooms')).headers.get('cache-control')).toBe('no-store');
  });

  test('is not chosen by whoever asks', async () => {
    const answer = await ask('/rooms', { headers: { 'x-nonce': 'mine' } });
    expect(answer.headers.get('content-security-policy')).not.toContain('mine');
  });

  test('lets it talk to this house alone, by HTTP and by socket', async () => {
    const { port } = new URL(house.origin);
    const sockets = `ws://localhost:${port} ws://127.0.0.1:${port}`;
    expect((await policyOf('/rooms')).split('; ')).toContain(`connect-src 'self' ${sockets}`);
    expect((await policyOf('/rooms', secureHouse)).split('; ')).toContain("connect-src 'self' wss://chat.example.org");
  });

  test('takes scripts from this house alone, marked ones, and none that an attribute or a string brings', async () => {
    const policy = await policyOf('/rooms');
    expect(policy.split('; ')).toContain(`script-src 'self' 'nonce-${nonceOf(policy)}'`);
    expect(policy.split('; ')).toContain("require-trusted-types-for 'script'");
  });
});
