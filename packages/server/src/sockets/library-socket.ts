import type { Socket } from 'node:net';
import { type Server, WebSocket } from 'ws';
import type { ConnectionSocket, SocketListener } from './connection-socket.ts';

export type LibraryServer = Server<typeof LibrarySocket>;
/** How the library's server hands a socket over. What is relied upon stands in docs/decisions/0010. */
type Taking = { setSocket(socket: Socket, head: Buffer, options: object): void };

const nothing = Buffer.alloc(0);

/**
 * The library's WebSocket. It takes 1.3 KiB, most of it the stream by which it reads, so the library's server is not let
 * open one until somebody needs all that the library can.
 */
export class LibrarySocket extends WebSocket implements ConnectionSocket {
  listener: SocketListener | undefined;
  /** What had been read behind the upgrade, where the library hands its sockets over as expected. */
  head: Buffer | undefined;

  /** Opens one as the library's server does, between two frames of a peer. */
  static open(socket: Socket, { options }: LibraryServer): LibrarySocket {
    const ws = Reflect.construct(LibrarySocket, [null, undefined, options]) as LibrarySocket;
    (WebSocket.prototype as unknown as Taking).setSocket.call(ws, socket, nothing, options);
    return ws;
  }

  setSocket(_socket: Socket, head: Buffer): void {
    this.head = head;
  }

  override emit(event: string | symbol, ...[first, second]: unknown[]): boolean {
    const { listener } = this;
    if (listener === undefined) return false;
    if (event === 'message') listener.onMessage(first as Buffer, second as boolean);
    else if (event === 'ping') listener.onPing(first as Buffer);
    else if (event === 'pong') listener.onPong();
    else if (event === 'close' || event === 'error') listener.onEnd();
    return true;
  }

  /** The library calls this too, as soon as the peer's close frame came: nothing may follow ours (RFC 6455, section 5.5.1). */
  override close(code?: number, reason?: string | Buffer): void {
    super.close(code, reason);
    this.listener?.onEnd();
  }
}
