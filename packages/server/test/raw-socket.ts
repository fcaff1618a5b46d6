import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { offerTicket, paths } from '@parlour/protocol/subprotocol';

/** A socket below the library: it writes the bytes that a test gives it, right or wrong (RFC 6455). */
export class RawSocket {
  readonly #socket: Socket;
  #received: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (data: Buffer) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#wake();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** An upgraded connection that has not authenticated. */
  static async open(origin: string, ticket: string): Promise<RawSocket> {
    const { hostname, port } = new URL(origin);
    const socket = connect({ port: Number(port), host: hostname, noDelay: true });
    await once(socket, 'connect');
    const lines = [`GET ${paths.socket} HTTP/1.1`, `Host: ${hostname}`, 'Connection: Upgrade', 'Upgrade: websocket'];
    lines.push('Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC==');
    socket.write(`${lines.join('\r\n')}\r\nSec-WebSocket-Protocol: ${offerTicket(ticket).join(', ')}\r\n\r\n`);
    const raw = new RawSocket(socket);
    await raw.#until(() => raw.#received.includes('\r\n\r\n'));
    const end = raw.#received.indexOf('\r\n\r\n') + 4;
    if (!raw.#received.subarray(0, end).toString().startsWith('HTTP/1.1 101 ')) throw new Error('it was refused');
    raw.#received = raw.#received.subarray(end);
    return raw;
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  stopReading(): void {
    this.#socket.pause();
  }

  readOn(): void {
    this.#socket.resume();
  }

  /** Ends this half, and leaves the other one open. */
  endHalf(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** The text of the next text frame. */
  async text(): Promise<string> {
    const frame = await this.next();
    if (frame === undefined) throw new Error('the connection ended');
    return frame.opcode === 1 ? frame.payload.toString() : await this.text();
  }

  /** The code of the close frame, 1005 where it has none, undefined without such a frame. Those before it are passed over. */
  async closeCode(): Promise<number | undefined> {
    const frame = await this.next();
    if (frame === undefined) return undefined;
    if (frame.opcode !== 8) return await this.closeCode();
    this.#socket.destroy();
    return frame.payload.length === 0 ? 1005 : frame.payload.readUInt16BE(0);
  }

  /** The next frame, undefined at the end. */
  async next(): Promise<{ opcode: number; payload: Buffer } | undefined> {
    const has = (length: number) => this.#received.length >= length;
    if (!(await this.#until(() => has(2)))) return undefined;
    const short = (this.#received[1] ?? 0) & 0x7f;
    const start = short === 126 ? 4 : 2;
    if (!(await this.#until(() => has(start)))) return undefined;
    const end = start + (short === 126 ? this.#received.readUInt16BE(2) : short);
    if (!(await this.#until(() => has(end)))) return undefined;
    const opcode = (this.#received[0] ?? 0) & 0x0f;
    const payload = Buffer.from(this.#received.subarray(start, end));
    this.#received = this.#received.subarray(end);
    return { opcode, payload };
  }

  async #until(isSo: () => boolean): Promise<boolean> {
    while (!isSo()) {
      if (this.#ended) return false;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return true;
  }
}

/** One frame as a client sends it, masked with zeros; `first` is its first byte. */
export function clientFrame(first: number, payload: string | Buffer): Buffer {
  const bytes = Buffer.from(payload);
  if (bytes.length > 65_535) throw new Error('too long for this');
  const head = Buffer.from([first, 0x80 | Math.min(bytes.length, 126)]);
  const length = bytes.length < 126 ? Buffer.alloc(0) : Buffer.from([bytes.length >> 8, bytes.length & 0xff]);
  return Buffer.concat([head, length, Buffer.alloc(4), bytes]);
}
