import type { ServerResponse } from 'node:http';
import { ParlourError, toProblem } from '@parlour/protocol/errors';
import type { Handlers } from '../listen.ts';
import type { Pace } from '../pace.ts';

/** Requests that may wait to begin; more are told to come back (I9). */
const waitingMaximum = 4_000;

/** Lets the requests of a crowd begin some at a time, so that sockets that are there already do not wait for all of them. */
export function admitRequests(pace: Pick<Pace, 'begin' | 'waiting'>, handle: Handlers['request']): Handlers['request'] {
  return (request, response) => {
    // Whoever ends processes that do not answer asks this, and a crowd is no reason to.
    if (request.url?.startsWith('/health/')) return handle(request, response);
    if (pace.waiting >= waitingMaximum) return refuse(response);
    void pace.begin().then(() => {
      if (!response.closed) handle(request, response);
    });
  };
}

function refuse(response: ServerResponse): void {
  const busy = new ParlourError('busy', 'Very many come at once. Try again in a moment.', { retryAfter: 1 });
  response
    .writeHead(busy.status, {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'retry-after': String(busy.retryAfter),
    })
    .end(JSON.stringify(toProblem(busy)));
}
