import { Hono } from 'hono';
import type { Caller } from '../src/accounts/caller.ts';
import type { AppEnv } from '../src/http/http-app.ts';
import { createErrorHandler } from '../src/http/problem.ts';
import type { Inhabitant } from './open-house.ts';

export type Answer = { status: number; type: string | null; body: unknown };
export type TestApi = {
  app: Hono<AppEnv>;
  request(who: Inhabitant | undefined, method: string, path: string, body?: unknown): Promise<Answer>;
};

/** Routes of one feature under `/api`, called in-process by whom the test says, without signing in. */
export function createTestApi(...tables: Hono<AppEnv>[]): TestApi {
  const app = new Hono<AppEnv>();
  let caller: Caller | undefined;
  app.use(async (c, next) => {
    c.set('requestId', 'test');
    c.set('clientAddress', '');
    c.set('caller', caller);
    await next();
  });
  for (const table of tables) app.route('/api', table);
  const fail = (message: string, fields?: unknown) => {
    throw new Error(message, { cause: fields });
  };
  app.onError(createErrorHandler({ info: fail, warn: fail, error: fail }));
  return {
    app,
    request: async (who, method, path, body) => {
      caller = who && toCaller(who);
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await app.request(path, { method, headers: { 'content-type': 'application/json' }, ...sent });
      const text = await response.text();
      const type = response.headers.get('content-type');
      return { status: response.status, type, body: text === '' ? undefined : JSON.parse(text) };
    },
  };
}

function toCaller({ user, role }: Inhabitant): Caller {
  const email = `${user.id}@private.example`;
  return {
    grantId: 'test',
    scope: 'full',
    user,
    role,
    email,
    createdAt: '2026-01-01T00:00:00.000Z',
    confirmedAt: 0,
    expiresAt: Number.MAX_SAFE_INTEGER,
    endsAt: Number.MAX_SAFE_INTEGER,
  };
}
