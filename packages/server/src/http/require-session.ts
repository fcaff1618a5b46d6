import { ParlourError } from '@parlour/protocol/errors';
import type { MiddlewareHandler } from 'hono';
import type { AppEnv } from './http-app.ts';
import { callerOf } from './require-caller.ts';

/**
 * Takes the session's own cookie and no bearer, not even one that hangs on a session: a token of minutes must not buy
 * itself a longer life. Throws `not_authenticated` and `insufficient_scope`.
 */
export const requireSession: MiddlewareHandler<AppEnv> = async (c, next) => {
  callerOf(c);
  if (c.req.header('authorization') !== undefined) {
    throw new ParlourError('insufficient_scope', 'No token can do this: it takes a browser that is signed in.');
  }
  await next();
};
