import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import type { ConnectionSocket, SocketListener } from './connection-socket.ts';
import { type LibraryServer, LibrarySocket } from './library-socket.ts';
import { encodeControl, measureFrame, ping, pong, unknown, unmask } from './small-frame.ts';

/** Bytes of a frame that may wait for its rest here. Most frames are smaller, and whoever sends by the byte gains nothing. */
const heldMaximum = 4 * 1024;
const nothing = Buffer.alloc(0);

const owner = Symbol('owner');
type Owned = Socket & { [owner]?: QuietSocket | undefined };

/**
 * A WebSocket whose peer says nothing or what everybody says: small messages in one piece, pings and pongs. They need no
 * reader of their own for each socket. With anything else, right or wrong, and for closing, the library takes the socket
 * over, with the first byte that was not dealt with, for good.
 */
export class QuietSocket implements ConnectionSocket {
  listener: SocketListener | undefined;
  readonly #socket: Owned;
  readonly #server: LibraryServer;
  #library: LibrarySocket | undefined;
  /** The beginning of a frame. */
  #held: Buffer | undefined;

  constructor(socket: Socket, head: Buffer, server: LibraryServer) {
    this.#socket = socket;
    this.#server = server;
    this.#socket[owner] = this;
    socket.setTimeout(0).setNoDelay();
    // What ends is ended from here too, without a listener of its own for that.
    socket.allowHalfOpen = false;
    if (head.length > 0) socket.unshift(head);
    socket.on('data', onData).on('error', onError).on('close', onClose);
  }

  ping(): void {
    if (this.#library === undefined) this.#write(ping, nothing);
    else this.#library.ping();
  }

  pong(data: Buffer): void {
    if (this.#library === undefined) this.#write(pong, data);
    else this.#library.pong(data);
  }

  pause(): void {
    this.#wake().pause();
  }

  resume(): void {
    this.#library?.resume();
  }

  close(code: number, reason: string): void {
    this.#wake().close(code, reason);
  }

  receive(chunk: Buffer): void {
    const bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = undefined;
    const at = this.#readFrames(bytes);
    if (at === bytes.length) return;
    const rest = bytes.subarray(at);
    // A copy: what it was read with may be sixteen times as much, and would stay with it (I9).
    if (this.#library === undefined && isBeginning(rest)) this.#held = Buffer.from(rest);
    else this.#handOn(rest);
  }

  end(): void {
    this.#held = undefined;
    this.listener?.onEnd();
  }

  /** Reads whole frames for as long as nobody needs the library. Tells how far it came. */
  #readFrames(bytes: Buffer): number {
    let at = 0;
    while (this.#library === undefined) {
      const end = at + measureFrame(bytes, at);
      if (end <= at || end > bytes.length || !this.#tell(bytes.subarray(at, end))) break;
      at = end;
    }
    return at;
  }

  #tell(frame: Buffer): boolean {
    const payload = unmask(frame);
    if (frame[0] === ping) this.listener?.onPing(payload);
    else if (frame[0] === pong) this.listener?.onPong();
    else if (isUtf8(payload)) this.listener?.onMessage(payload, false);
    else {
      // As it came, for the library to refuse it.
      unmask(frame);
      return false;
    }
    return true;
  }

  #write(kind: number, payload: Buffer): void {
    if (this.#socket.writable) this.#socket.write(encodeControl(kind, payload));
  }

  #wake(): LibrarySocket {
    if (this.#library !== undefined) return this.#library;
    const socket = this.#socket;
    const held = this.#held;
    socket.off('data', onData).off('error', onError).off('close', onClose);
    socket[owner] = undefined;
    socket.allowHalfOpen = true;
    this.#held = undefined;
    this.#library = LibrarySocket.open(socket, this.#server);
    this.#library.listener = this.listener;
    if (held !== undefined) this.#handOn(held);
    return this.#library;
  }

  #handOn(bytes: Buffer): void {
    this.#wake();
    this.#socket.emit('data', bytes);
  }
}

/** Whether these bytes are a frame's that may well be read here once its rest has come. */
function isBeginning(bytes: Buffer): boolean {
  const length = measureFrame(bytes, 0);
  return length === unknown || (length > bytes.length && bytes.length <= heldMaximum);
}

function onData(this: Owned, chunk: Buffer): void {
  this[owner]?.receive(chunk);
}

function onError(this: Owned): void {
  this.destroy();
}

function onClose(this: Owned): void {
  this[owner]?.end();
}
