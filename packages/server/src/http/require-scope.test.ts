import { beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../accounts/caller.ts';
import type { Scope } from '../accounts/scope.ts';
import { newRoutes } from './http-app.ts';
import { createErrorHandler } from './problem.ts';
import { requireScope } from './require-scope.ts';

const scopes: Scope[] = ['read', 'write', 'admin', 'full'];
let caller: Pick<Caller, 'scope'> | undefined;
beforeEach(() => {
  caller = undefined;
});

const fail = (message: string, fields?: unknown) => {
  throw new Error(message, { cause: fields });
};
const app = newRoutes();
app.onError(createErrorHandler({ info: fail, warn: fail, error: fail }));
app.use('/api/*', async (c, next) => {
  c.set('caller', caller as Caller);
  await next();
});
app.use('/api/*', requireScope);
app.all('*', (c) => c.text('reached'));

async function reach(scope: Scope, route: string): Promise<boolean> {
  caller = { scope };
  const [method = '', path = ''] = route.split(' ');
  const answer = await app.request(path, { method });
  if (answer.status === 403) {
    expect(await answer.json()).toMatchObject({ code: 'insufficient_scope' });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"');
  }
  return answer.status === 200;
}

const needed: Record<Scope, string[]> = {
  read: [
    'GET /api/rooms',
    'HEAD /api/rooms',
    'GET /api/rooms/lobby/messages',
    'GET /api/posts',
    'GET /api/invites/code',
    'GET /api/auth/token',
    'POST /api/sockets/tickets',
    'GET /api/openapi.json',
  ],
  write: [
    'POST /api/rooms',
    'POST /api/rooms/lobby/messages',
    'PUT /api/rooms/lobby/read',
    'DELETE /api/rooms/lobby/members/grace',
    'POST /api/invites/code/accept',
    'PATCH /api/posts/one',
    'OPTIONS /api/posts/one',
    'PROPFIND /api/posts/one',
  ],
  admin: ['GET /api/people', 'POST /api/people/grace/ban', 'GET /api/audit'],
  full: [
    'GET /api/account',
    'PATCH /api/account',
    'GET /api/account/sessions',
    'GET /api/account/access-tokens',
    'POST /api/account/access-tokens',
    'GET /api/account/something-new',
    'POST /api/auth/token',
    'GET /api/auth/token/more',
    'POST /api/auth/sign-out',
    'GET /api/auth/ways',
    'POST /api/claim',
    'GET /api/something-new',
    'GET /api/',
    'GET /api//rooms',
    'GET /api/Rooms',
    'GET /api/roomservice',
    'GET /api/rooms%2f..%2faccount',
  ],
};

describe('the scope that a route needs', () => {
  for (const [index, scope] of scopes.entries()) {
    for (const route of needed[scope]) {
      it(`${route}: ${scope}`, async () => {
        const reached: [Scope, boolean][] = [];
        for (const held of scopes) reached.push([held, await reach(held, route)]);
        expect(reached).toEqual(scopes.map((held, rank) => [held, rank >= index]));
      });
    }
  }

  it('is nothing that a stranger is asked for', async () => {
    expect((await app.request('/api/account')).status).toBe(200);
  });
});
