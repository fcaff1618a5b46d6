import { ParlourError, toProblem } from '@parlour/protocol/errors';
import type { Context, ErrorHandler, Hono } from 'hono';
import { hideCodes } from '../hide-codes.ts';
import type { Log } from '../log.ts';
import type { AppEnv } from './http-app.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** The one place where a refusal becomes an answer (RFC 9457). What nobody expected is logged and told as `internal`. */
export function createErrorHandler(log: Log): ErrorHandler<AppEnv> {
  return (error, c) => {
    if (error instanceof ParlourError && error.status < 500) return problemResponse(error);
    const { requestId } = c.var;
    const request = { requestId, method: c.req.method, path: hideCodes(c.req.path) };
    if (error instanceof ParlourError) {
      log.warn(error.message, { ...request, code: error.code, cause: error.cause });
      return problemResponse(error);
    }
    log.error('A request failed', { ...request, cause: error });
    return problemResponse(
      new ParlourError('internal', `Something went wrong here. It was noted as ${requestId}.`, { cause: error }),
    );
  };
}

export function problemResponse(error: ParlourError, headers: Record<string, string> = {}): Response {
  const extra: Record<string, string> = { ...headers };
  if (error.retryAfter !== undefined) extra['retry-after'] = String(Math.ceil(error.retryAfter));
  if (error.code === 'not_authenticated') extra['www-authenticate'] = 'Bearer';
  // RFC 6750, section 3.1.
  if (error.code === 'insufficient_scope') extra['www-authenticate'] = 'Bearer error="insufficient_scope"';
  return new Response(JSON.stringify(toProblem(error)), {
    status: error.status,
    headers: { 'content-type': 'application/problem+json', ...extra },
  });
}

/** Answers what no route takes: 405 where the path is known by another method, 404 otherwise. */
export function answerUnrouted(app: Hono<AppEnv>, c: Context<AppEnv>): Response {
  const { path, method } = c.req;
  const allowed = methods.filter((candidate) => takes(app, candidate, path));
  if (allowed.length === 0) return problemResponse(new ParlourError('not_found', 'There is nothing at this address.'));
  const detail = `This address takes ${allowed.join(' and ')}, not ${method}.`;
  return problemResponse(new ParlourError('method_not_allowed', detail), { allow: allowed.join(', ') });
}

// Middleware stands in the router under ALL, so only routes of this very method count.
function takes(app: Hono<AppEnv>, method: string, path: string): boolean {
  const [matches] = app.router.match(method, path);
  return matches.some(([[, route]]) => route.method === method);
}
