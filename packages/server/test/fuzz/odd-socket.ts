import { connect, type Socket } from 'node:net';
import { offerTicket, paths } from '@parlour/protocol/subprotocol';

/** A connection below the library, of which every byte that comes is kept. */
export class OddSocket {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #isClosed = false;
  #wake: () => void = () => undefined;

  constructor(port: number, ticket: string) {
    this.#socket = connect({ port, host: '127.0.0.1' });
    this.#socket.on('data', (data: Buffer) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#wake();
    });
    // A server that is done with somebody may reset the connection.
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      this.#isClosed = true;
      this.#wake();
    });
    const lines = [`GET ${paths.socket} HTTP/1.1`, 'Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket'];
    lines.push('Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC==');
    lines.push(`Sec-WebSocket-Protocol: ${offerTicket(ticket).join(', ')}`);
    this.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`));
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** Whether this came before the connection was closed. */
  async until(text: string): Promise<boolean> {
    while (!this.#received.includes(text)) {
      if (this.#isClosed) return false;
      await this.#news();
    }
    return true;
  }

  /** Goes away like a page that is closed, and gives all that came. */
  async end(): Promise<Buffer> {
    this.#socket.end();
    while (!this.#isClosed) await this.#news();
    return this.#received;
  }

  #news(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
