import { ParlourError } from '@parlour/protocol/errors';
import type { MiddlewareHandler } from 'hono';
import { covers, type Scope } from '../accounts/scope.ts';
import type { AppEnv } from './http-app.ts';

const safeMethods = new Set(['GET', 'HEAD']);
/** The parts of the API that access tokens reach, with what changing something there needs. */
const areas = new Map<string, Scope>([
  ['rooms', 'write'],
  ['invites', 'write'],
  ['posts', 'write'],
  ['people', 'admin'],
  ['audit', 'admin'],
]);
const singleRoutes = new Map<string, Scope>([
  ['GET /api/auth/token', 'read'],
  ['POST /api/sockets/tickets', 'read'],
  ['GET /api/workspace', 'read'],
  ['GET /api/openapi.json', 'read'],
  ['GET /api/docs', 'read'],
]);

/**
 * The one rule for what a grant may be used for, before every route: a route that stands nowhere here is for sessions
 * alone, so that a new one is out of every token's reach until somebody decides otherwise. Throws `insufficient_scope`.
 */
export const requireScope: MiddlewareHandler<AppEnv> = async (c, next) => {
  const needed = findNeeded(c.req.method, c.req.path);
  const held = c.get('caller')?.scope;
  if (held !== undefined && !covers(held, needed)) throw beyondScope(needed);
  await next();
};

function findNeeded(method: string, path: string): Scope {
  const needed = singleRoutes.get(`${method} ${path}`) ?? areas.get(path.split('/', 3)[2] ?? '') ?? 'full';
  return needed === 'write' && safeMethods.has(method) ? 'read' : needed;
}

function beyondScope(needed: Scope): ParlourError {
  const detail =
    needed === 'full'
      ? 'No access token can do this: it takes a login.'
      : `This takes an access token with the scope “${needed}”.`;
  return new ParlourError('insufficient_scope', detail);
}
