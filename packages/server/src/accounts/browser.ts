import type { Context } from 'hono';
import type { AppEnv } from '../http/http-app.ts';

/** Where a request comes from: what it sent, and its network address. */
export type Browser = { headers: Headers; clientAddress: string };

export function browserOf(c: Context<AppEnv>): Browser {
  return { headers: c.req.raw.headers, clientAddress: c.get('clientAddress') };
}
