import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { hasWaiting } from './one-after-another.ts';

/** Milliseconds that a turn of the event loop takes at most in which nothing happens. */
const quietTurn = 0.1;
/** Milliseconds that such a turn is waited for, and then whoever has come and not asked yet. */
const arrivalGrace = 1_000;
/** As many as Node has the kernel queue at a port. */
const queueLength = 511;
const askingGrace = 500;
const askingCheck = 10;

/** The connections that come while a server stops: none is to be lost with the port. */
export class LastConnections {
  readonly #server: Server;
  /** Those on which nothing was asked yet. */
  readonly #silent = new Set<Socket>();
  #count = 0;

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#count += 1;
      this.#silent.add(socket);
      socket.once('close', () => this.#silent.delete(socket));
    });
    for (const event of ['request', 'upgrade'])
      server.on(event, ({ socket }: { socket: Socket }) => this.#silent.delete(socket));
  }

  /** Gives the port up once nobody waits in its queue: whoever does when it is closed is reset. */
  async closePort(): Promise<void> {
    const [until, taken] = [performance.now() + arrivalGrace, this.#count + queueLength];
    // To the end of this turn: what has come since it began is not seen before the next one.
    await nextTurn();
    for (;;) {
      const { came, took } = await this.#watchTurn();
      const isLate = performance.now() >= until;
      if (came === 0 && (took < quietTurn || isLate)) break;
      // However slow the machine is, whoever was in the queue from the beginning is taken by now; others may always come.
      if (isLate && this.#count >= taken) break;
    }
    // What HTTP makes of it would close those too that have just come, and not been read.
    NetServer.prototype.close.call(this.#server);
  }

  /** How many a turn of the event loop brought, and how long it took: in a short one nobody else can have come since. */
  async #watchTurn(): Promise<{ came: number; took: number }> {
    const [before, since] = [this.#count, performance.now()];
    await nextTurn();
    return { came: this.#count - before, took: performance.now() - since };
  }

  /** Resolves when all that have come have asked for something, or had time to. */
  async heard(): Promise<void> {
    const until = performance.now() + askingGrace;
    while (this.#silent.size > 0 && performance.now() < until) await wait(askingCheck);
  }
}

/**
 * Tells with the answer to make a new connection, unless something is still to be read of this one: the rest of the body,
 * which a reset would answer, or a request behind it, which would be lost.
 */
export function sayGoodbye(request: IncomingMessage, response: ServerResponse): void {
  const { writeHead } = response;
  response.writeHead = (...head: unknown[]) => {
    response.shouldKeepAlive = !request.complete || hasWaiting(request.socket);
    return Reflect.apply(writeHead, response, head);
  };
}
