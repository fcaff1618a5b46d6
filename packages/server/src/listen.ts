import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { LastConnections, sayGoodbye } from './last-connections.ts';
import { oneAfterAnother } from './one-after-another.ts';
import { StartError } from './start-error.ts';
import { startingHandlers } from './starting-handlers.ts';

export type Handlers = {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
};

export type Listener = {
  port: number;
  /** Why it cannot be opened yet, for `/health/ready`. */
  explain(reason: string): void;
  /** Opens it. Until this is called, it says that it is starting, and requests wait for a moment. */
  handle(handlers: Handlers): void;
  /** It will be closed soon: whoever keeps a connection is told with the next answer to make a new one. */
  drain(): void;
  /** Takes no more connections but those that have reached the port, and lets requests that are under way end, within some seconds. */
  close(): Promise<void>;
};

/** Milliseconds that requests have to end when the server stops. */
const requestGrace = 5_000;
const idleCheck = 50;

/** Takes the port first of all, so that a start that cannot succeed fails at once. Throws StartError. */
export async function listen(port: number, host: string): Promise<Listener> {
  // Slow senders are cut off; the default would let a request's head take a minute.
  const server = createServer({
    headersTimeout: 15_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 65_000,
    // Some HTTP clients offer HTTP/2 (`h2c`) with every request: what is not taken up is answered as if it were not there.
    shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
  });
  const { promise: opened, resolve: open } = Promise.withResolvers<Handlers>();
  let reason: string | undefined;
  let handlers = startingHandlers({ findReason: () => reason, opened });
  let last: LastConnections | undefined;
  const answering = new Set<ServerResponse>();
  const closeIdle = () => {
    // Node takes a connection for idle as soon as its answer was handed over, and would cut whoever still reads it.
    const isBeingRead = [...answering].some(({ writableEnded }) => writableEnded);
    if (!isBeingRead) server.closeIdleConnections();
  };
  const handle = oneAfterAnother((request, response) => {
    // Not before: one that waits may go with its connection and never say that it is closed.
    answering.add(response);
    response.once('close', () => answering.delete(response));
    if (last === undefined) return handlers.request(request, response);
    sayGoodbye(request, response);
    // What came with it is read first.
    queueMicrotask(() => handlers.request(request, response));
  });
  server.on('request', (request, response) => {
    closeWhenRead(request, response);
    handle(request, response);
  });
  server.on('upgrade', (request, socket, head) => handlers.upgrade(request, socket, head));
  await bind(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    explain: (next) => {
      reason = next;
    },
    handle: (next) => {
      handlers = next;
      open(next);
    },
    drain: () => {
      last ??= new LastConnections(server);
    },
    close: async () => {
      last ??= new LastConnections(server);
      const closed = once(server, 'close');
      await last.closePort();
      const cutting = setTimeout(() => server.closeAllConnections(), requestGrace);
      await Promise.race([closed, last.heard()]);
      closeIdle();
      const closingIdle = setInterval(closeIdle, idleCheck);
      await closed;
      clearInterval(closingIdle);
      clearTimeout(cutting);
      // Its timers go too.
      server.close();
    },
  };
}

/**
 * Closes a connection that is to be closed only when the body has come to its end, also where it was answered before, as
 * RFC 9112 9.6 asks. Otherwise what still comes is answered by a reset, which may overtake the answer: a proxy then takes
 * this node for broken, and anybody could have it passed over by sending it what it refuses.
 */
function closeWhenRead(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete || response.shouldKeepAlive) return;
  response.shouldKeepAlive = true;
  const close = () => request.socket.destroySoon();
  response.once('finish', () => {
    if (request.complete) close();
    else request.once('close', close);
  });
}

function bind(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(new StartError(describe(error, port, host), error)));
    server.listen(port, host, resolve);
  });
}

function describe({ code, message }: NodeJS.ErrnoException, port: number, host: string): string {
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken. Stop what runs there, or set PORT to another one.`;
  if (code === 'EACCES') return `Port ${port} needs more rights. Set PORT to one above 1023.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST ${host} is no address of this machine.`;
  return `Parlour cannot listen on ${host}:${port}: ${message}.`;
}
