import { ParlourError } from '@parlour/protocol/errors';
import type { Context, MiddlewareHandler } from 'hono';
import type { Caller } from '../accounts/caller.ts';
import type { AppEnv } from './http-app.ts';

/** Who makes this request. Throws `not_authenticated`. */
export function callerOf(c: Context<AppEnv>): Caller {
  const caller = c.get('caller');
  if (caller === undefined) throw new ParlourError('not_authenticated', 'Sign in first.');
  return caller;
}

/** Refuses anonymous requests before anything of them is read. Throws `not_authenticated`. */
export const requireCaller: MiddlewareHandler<AppEnv> = async (c, next) => {
  callerOf(c);
  await next();
};
