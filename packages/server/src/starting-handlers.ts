import type { ServerResponse } from 'node:http';
import type { Handlers } from './listen.ts';

/** Milliseconds that a request waits for the house to open; most starts take less. */
const patience = 3_000;
/** Requests that may wait at a time (I9). */
const waitingMaximum = 1_000;

export type StartingOptions = {
  /** Why it takes longer than a start does: then nobody waits. */
  findReason(): string | undefined;
  /** Who takes requests once the house is open. */
  opened: Promise<Handlers>;
};

/**
 * What is answered until the house is open: alive, so that nobody ends the process, and not ready, with the reason. Whatever
 * else is asked waits for a moment, so that a restart is a request that took longer and no error to anybody.
 */
export function startingHandlers({ findReason, opened }: StartingOptions): Handlers {
  let waiting = 0;
  const wait: Handlers['request'] = (request, response) => {
    waiting += 1;
    const given = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => given.resolve(undefined), patience);
    response.once('close', () => given.resolve(undefined));
    void Promise.race([opened, given.promise]).then((handlers) => {
      clearTimeout(timer);
      waiting -= 1;
      if (response.closed) return;
      if (handlers === undefined) refuse(response);
      else handlers.request(request, response);
    });
  };
  return {
    request: (request, response) => {
      if (request.url === '/health/live') answer(response, 200, { status: 'live' });
      else if (request.url === '/health/ready')
        answer(response, 503, { status: 'unavailable', reason: findReason() ?? 'Parlour is starting.' });
      else if (findReason() === undefined && waiting < waitingMaximum) wait(request, response);
      else refuse(response);
    },
    upgrade: (_request, socket) => socket.destroy(),
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store', 'retry-after': '1' };
  response.writeHead(status, headers).end(JSON.stringify(body));
}

function refuse(response: ServerResponse): void {
  response.writeHead(503, { 'retry-after': '1' }).end('Parlour is starting.\n');
}
