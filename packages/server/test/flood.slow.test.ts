import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byHand } from './by-hand.ts';
import { type Cast, gatherCast } from './cast.ts';

/** More than any limit lets through at once. */
const flood = 700;
const hour = 60 * 60 * 1_000;

type Route = { method: string; path: string };

let cast: Cast;
let routes: Route[];

beforeAll(async () => {
  cast = await gatherCast({ environment: { PARLOUR_TRUSTED_PROXIES: '127.0.0.1,::1,::ffff:127.0.0.1' } });
  const description = (await cast.ada.request<{ paths: Record<string, object> }>('GET', '/api/openapi.json')).body;
  routes = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );
});
afterAll(() => cast.server.stop());

/** One request as it would be fitting, in-process but from a network address of its own. */
async function ask({ method, path }: Route, cookie: string, from: string): Promise<Response> {
  const filled = path.replaceAll(/\{(\w+)\}/g, 'none').replaceAll(/:(\w+)/g, 'none');
  const hasBody = method !== 'GET' && method !== 'DELETE';
  return await fetch(new URL(filled, cast.server.origin), {
    method,
    redirect: 'manual',
    headers: {
      'x-forwarded-for': from,
      ...(cookie === '' ? {} : { cookie }),
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
    },
    ...(hasBody ? { body: '{}' } : {}),
  });
}

/** Asks until it is refused with 429, some at a time. */
async function floodUntilRefused(route: Route, cookie: string, from: string): Promise<Response | undefined> {
  for (let sent = 0; sent < flood; sent += 20) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(route, cookie, from)));
    const refused = answers.find(({ status }) => status === 429);
    await Promise.all(answers.map((answer) => (answer === refused ? undefined : answer.body?.cancel())));
    if (refused !== undefined) return refused;
  }
  return undefined;
}

describe('no door without a limit (I9)', () => {
  test('P-LIMIT-6: every route refuses a flood with 429 and the time to wait, and the server stays live', async () => {
    expect(routes.length).toBeGreaterThan(40);
    const unlimited: string[] = [];
    let network = 0;
    for (const route of routes) {
      cast.clock.advance(hour);
      network += 1;
      const name = `${route.method} ${route.path}`;
      const refused = await floodUntilRefused(route, '', `203.0.${network >> 8}.${network & 255}`);
      if (refused === undefined) {
        unlimited.push(name);
        continue;
      }
      const problem = (await refused.json()) as { code: string; retryAfter: number };
      expect([name, problem.code]).toEqual([name, 'rate_limited']);
      expect([name, refused.headers.get('retry-after')]).toEqual([name, String(problem.retryAfter)]);
      // Others do not suffer from it.
      const other = await ask(route, '', '198.51.100.7');
      expect([name, other.status]).not.toEqual([name, 429]);
      await other.body?.cancel();
    }
    expect(unlimited).toEqual([]);
    expect((await fetch(new URL('/health/ready', cast.server.origin))).status).toBe(200);
    expect((await cast.grace.request('GET', '/api/account')).status).toBe(200);
  }, 300_000);

  test('a person’s own flood slows down that person, from whatever network', async () => {
    cast.clock.advance(hour);
    const account = { method: 'GET', path: '/api/account' };
    const { cookie } = cast.linus;
    expect((await ask(account, cookie, '203.0.113.1')).status).toBe(200);
    expect((await floodUntilRefused(account, cookie, '203.0.113.2'))?.status).toBe(429);
    expect((await ask(account, cookie, '203.0.113.3')).status).toBe(429);
    expect((await ask(account, cast.grace.cookie, '203.0.113.2')).status).toBe(200);
    expect(byHand(cast.server, (db) => db.prepare('SELECT count(*) AS n FROM user').get())).toEqual({ n: 3 });
  }, 60_000);
});
