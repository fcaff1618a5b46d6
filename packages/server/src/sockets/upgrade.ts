import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { limits } from '@parlour/protocol/limits';
import { paths, readOfferedTicket, subprotocol } from '@parlour/protocol/subprotocol';
import { WebSocketServer } from 'ws';
import type { Pace } from '../pace.ts';
import type { TicketHolder } from './connection.ts';
import type { ConnectionSocket } from './connection-socket.ts';
import { type LibraryServer, LibrarySocket } from './library-socket.ts';
import { QuietSocket } from './quiet-socket.ts';

/** Upgrades that may wait for their ticket at a time; more are told to come back (I9). */
const pendingMaximum = 1_000;

export type UpgradeOptions = {
  /** Uses a ticket up: whose it was, or undefined for one that is unknown, used or expired. */
  useTicket(ticket: string): Promise<TicketHolder | undefined>;
  /** Whether a page of this origin may open a socket. */
  allowsOrigin(origin: string): boolean;
  /** Counts an upgrade. Answers 0, or after how many seconds its network may come again. */
  countUpgrade(request: IncomingMessage): number;
  /** An upgrade was refused for what it brought. */
  onRefused(request: IncomingMessage, status: number): void;
  /** False while the node starts, stops or cannot vouch for logins. */
  isTaking(): boolean;
  onOpen(ws: ConnectionSocket, socket: Socket, holder: TicketHolder): void;
  onError(error: unknown): void;
  /** By which sockets are opened. */
  pace: Pick<Pace, 'begin'>;
};

const serverOptions = {
  noServer: true,
  WebSocket: LibrarySocket,
  clientTracking: false,
  // Shared frames are written beside the library's own; compression would let them overtake each other.
  perMessageDeflate: false,
  maxPayload: limits.frameBytes,
  // Each piece of a message takes 190 bytes, and keeps the pings that it was read with.
  maxFragments: 64,
  // Of a frame that is not complete, each piece that the kernel read by itself takes 350 bytes, however small it is (I9).
  maxBufferedChunks: 1_024,
  autoPong: false,
  closeTimeout: 1_000,
  handleProtocols: (offered: Set<string>) => (offered.has(subprotocol) ? subprotocol : (false as const)),
};

const refusals = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
} as const;

/** Answers `GET /api/socket` (RFC 6455): 404, 403, 401 or 429 and no socket, or a socket that still has to authenticate. */
export class Upgrades {
  readonly #options: UpgradeOptions;
  readonly #server: LibraryServer;
  #pending = 0;

  constructor(options: UpgradeOptions) {
    this.#options = options;
    this.#server = new WebSocketServer(serverOptions);
  }

  handle(request: IncomingMessage, duplex: Duplex, head: Buffer): void {
    const socket = duplex as Socket;
    const onEarlyError = () => socket.destroy();
    socket.on('error', onEarlyError);
    this.#admit(request, socket)
      .then((holder) => {
        if (holder === undefined || socket.destroyed) return;
        // A node that began to stop meanwhile has closed its sockets: one more would stay, and keep it from stopping.
        if (!this.#options.isTaking()) return refuse(socket, 503, 1);
        socket.off('error', onEarlyError);
        this.#server.handleUpgrade(request, socket, head, (ws) => {
          // Where the library does not hand its sockets over, it keeps them.
          const own = ws.head === undefined ? ws : new QuietSocket(socket, ws.head, this.#server);
          this.#options.onOpen(own, socket, holder);
        });
      })
      .catch((error: unknown) => {
        this.#options.onError(error);
        refuse(socket, 503, 1);
      });
  }

  async #admit(request: IncomingMessage, socket: Socket): Promise<TicketHolder | undefined> {
    const { origin } = request.headers;
    const wait = this.#options.countUpgrade(request);
    if (wait > 0) return refuse(socket, 429, wait);
    if (request.url?.split('?', 1)[0] !== paths.socket) return this.#turnAway(request, socket, 404);
    if (origin !== undefined && !this.#options.allowsOrigin(origin)) return this.#turnAway(request, socket, 403);
    if (!this.#options.isTaking() || this.#pending >= pendingMaximum) return refuse(socket, 503, 1);
    const ticket = readOfferedTicket(request.headers['sec-websocket-protocol']);
    if (ticket === undefined || ticket === '') return this.#turnAway(request, socket, 401);
    this.#pending += 1;
    try {
      await this.#options.pace.begin();
      // Neither whoever is gone meanwhile nor a node that opens nothing more uses a ticket up.
      if (socket.destroyed) return undefined;
      if (!this.#options.isTaking()) return refuse(socket, 503, 1);
      return (await this.#options.useTicket(ticket)) ?? this.#turnAway(request, socket, 401);
    } finally {
      this.#pending -= 1;
    }
  }

  #turnAway(request: IncomingMessage, socket: Socket, status: keyof typeof refusals): undefined {
    this.#options.onRefused(request, status);
    return refuse(socket, status);
  }
}

function refuse(socket: Socket, status: keyof typeof refusals, retryAfter?: number): undefined {
  const wait = retryAfter === undefined ? '' : `Retry-After: ${Math.ceil(retryAfter)}\r\n`;
  socket.end(
    `HTTP/1.1 ${status} ${refusals[status]}\r\nConnection: close\r\nContent-Length: 0\r\nCache-Control: no-store\r\n${wait}\r\n`,
  );
  // A peer that keeps its half open does not keep ours.
  socket.setTimeout(1_000, () => socket.destroy());
  return undefined;
}
