import { ParlourError } from '@parlour/protocol/errors';
import type { Context, MiddlewareHandler } from 'hono';
import type { AppEnv } from './http-app.ts';
import type { Origins } from './origins.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);
const trustedSites = new Set(['same-origin', 'none']);

/**
 * The one rule against requests that another site makes in a person's name. A request with `Authorization` is judged by
 * its bearer alone; any other unsafe one must not come from another site, by Fetch Metadata and by Origin. Neither
 * header sent means that it is no browser, and then no cookie was attached behind anybody's back.
 */
export function refuseCrossSite(
  origins: Origins,
  /** Paths that other servers call, which are judged by what they bring alone. */
  isBackChannel: (path: string) => boolean = () => false,
): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (c.req.method === 'POST' && isBackChannel(c.req.path)) return next();
    const origin = c.req.header('origin');
    if (isPreflight(c)) return answerPreflight(c, origins);
    if (c.req.header('authorization') === undefined) {
      if (!safeMethods.has(c.req.method)) checkUnsafe(c, origins);
      return next();
    }
    if (origin !== undefined && !origins.allows(origin)) throw fromAnotherSite();
    await next();
    // No credentials: a listed page is let in by its bearer, never by this house's cookies.
    if (origin !== undefined && origins.isListed(origin)) allowReading(c, origin);
    return undefined;
  };
}

function checkUnsafe(c: Context<AppEnv>, origins: Origins): void {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined && !trustedSites.has(site)) throw fromAnotherSite();
  const origin = c.req.header('origin');
  if (origin !== undefined && !origins.isOurs(origin)) throw fromAnotherSite();
}

function isPreflight(c: Context<AppEnv>): boolean {
  return c.req.method === 'OPTIONS' && c.req.header('access-control-request-method') !== undefined;
}

function answerPreflight(c: Context<AppEnv>, origins: Origins): Response {
  const origin = c.req.header('origin');
  const wanted = c.req.header('access-control-request-headers') ?? '';
  const withBearer = /(^|[\s,])authorization($|[\s,])/i.test(wanted);
  if (origin === undefined || !withBearer || !origins.isListed(origin)) return c.body(null, 204);
  allowReading(c, origin);
  c.header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE');
  c.header('access-control-allow-headers', 'authorization, content-type');
  c.header('access-control-max-age', '600');
  return c.body(null, 204);
}

function allowReading(c: Context<AppEnv>, origin: string): void {
  c.header('access-control-allow-origin', origin);
  c.header('access-control-expose-headers', 'retry-after, x-request-id');
  c.header('vary', 'origin', { append: true });
}

function fromAnotherSite(): ParlourError {
  return new ParlourError(
    'cross_site',
    'This request comes from another site. If this is your own Parlour, PUBLIC_URL must be the address that you open.',
  );
}
