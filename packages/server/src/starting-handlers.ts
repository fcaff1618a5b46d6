import type { ServerResponse } from 'node:http';
import type { Handlers } from './listen.ts';

/** What is answered until the house is open: alive, so that nobody ends the process, and not ready, with the reason. */
export function startingHandlers(findReason: () => string): Handlers {
  const answer = (response: ServerResponse, status: number, body: object) =>
    response
      .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', 'retry-after': '1' })
      .end(JSON.stringify(body));
  return {
    request: ({ url }, response) => {
      if (url === '/health/live') answer(response, 200, { status: 'live' });
      else if (url === '/health/ready') answer(response, 503, { status: 'unavailable', reason: findReason() });
      else response.writeHead(503, { 'retry-after': '1' }).end('Parlour is starting.\n');
    },
    upgrade: (_request, socket) => socket.destroy(),
  };
}
