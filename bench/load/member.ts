import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { encodeClientFrame, FrameReader } from './frame-reader.ts';

export type TextListener<Result> = (data: Buffer, start: number, end: number) => Result;

export type Opening = {
  port: number;
  path: string;
  protocols: string | undefined;
  /** What the server wants to be answered at once, if a text frame is such a thing. */
  answer: TextListener<string | undefined> | undefined;
  /** The client's own address: one has 28,000 ports for all sockets of the machine. */
  localAddress?: string | undefined;
};

const text = 1;
const binary = 2;
const ping = 9;
const pong = 10;
const close = 8;
// All sockets read into the same memory: each is done with it before the next one reads.
const shared = Buffer.allocUnsafe(256 * 1024);

export class UpgradeRefused extends Error {}

/** One member of the room: a bare TCP socket that speaks just enough WebSocket. */
export class Member {
  /** Called for every text or binary frame, once set; true when it took the frame. */
  onText: TextListener<boolean> | undefined;
  /** Called when the socket is gone, with the code of its close frame if there was one; without it that is a fault. */
  onGone: ((code: number | undefined) => void) | undefined;
  readonly #socket: Socket;
  readonly #frames = new FrameReader();
  readonly #texts: string[] = [];
  readonly #answer: Opening['answer'];
  #head: string | undefined = '';
  #wake: (() => void) | undefined;
  #fault: Error | undefined;
  #code: number | undefined;

  constructor({ port, path, protocols, answer, localAddress }: Opening) {
    this.#answer = answer;
    this.#socket = connect({
      host: '127.0.0.1',
      port,
      ...(localAddress === undefined ? {} : { localAddress }),
      noDelay: true,
      onread: { buffer: shared, callback: (length) => this.#receive(length) },
    });
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => {
      if (this.onGone === undefined) this.#fail(new Error('a server closed a socket'));
      else this.onGone(this.#code);
    });
    const key = randomBytes(16).toString('base64');
    const offered = protocols === undefined ? '' : `Sec-WebSocket-Protocol: ${protocols}\r\n`;
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n${offered}\r\n`,
    );
  }

  /** Resolves when the upgrade was answered. Throws when it was refused. */
  async opened(): Promise<void> {
    while (this.#head !== undefined) await this.#wait();
  }

  /** The next text frame, passing over those that begin otherwise. */
  async next(beginning: string): Promise<string> {
    for (;;) {
      for (let next = this.#texts.shift(); next !== undefined; next = this.#texts.shift()) {
        if (next.startsWith(beginning)) return next;
      }
      await this.#wait();
    }
  }

  /** What has come so far and was not asked for by `next`. */
  takeTexts(): string[] {
    return this.#texts.splice(0);
  }

  /** Whether the server has sent a close frame. */
  get isClosing(): boolean {
    return this.#code !== undefined;
  }

  /** Sends text as a text frame, and bytes as a binary one. */
  send(data: string | Buffer): void {
    this.#socket.write(encodeClientFrame(data, typeof data === 'string' ? text : binary));
  }

  /** Reads nothing any more, as a client does that hangs. */
  stopReading(): void {
    this.#socket.pause();
  }

  readAgain(): void {
    this.#socket.resume();
  }

  /** Ends the connection without a word. */
  cut(): void {
    this.onGone ??= () => undefined;
    this.#socket.destroy();
  }

  /** Closes the socket as a page that goes away does; resolves when it is gone. */
  async hangUp(): Promise<void> {
    this.#socket.write(encodeClientFrame(Buffer.from([0x03, 0xe9]), close));
    await once(this.#socket, 'close');
  }

  #wait(): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault;
    return new Promise((resolve, reject) => {
      this.#wake = () => (this.#fault === undefined ? resolve() : reject(this.#fault));
    });
  }

  #fail(error: Error): void {
    this.#fault ??= error;
    if (this.onGone !== undefined) return;
    // While it listens nobody waits for it: a member that is lost ends the run.
    if (this.onText !== undefined) throw error;
    this.#wake?.();
  }

  #receive(length: number): boolean {
    if (this.#head === undefined) this.#frames.read(shared, length, this.#take);
    else this.#readHead(length);
    return true;
  }

  #readHead(length: number): void {
    this.#head += shared.toString('latin1', 0, length);
    const end = this.#head?.indexOf('\r\n\r\n') ?? -1;
    if (this.#head === undefined || end === -1) return;
    const rest = Buffer.from(this.#head.slice(end + 4), 'latin1');
    if (!this.#head.startsWith('HTTP/1.1 101 ')) this.#fail(new UpgradeRefused(this.#head));
    this.#head = undefined;
    this.#frames.read(rest, rest.length, this.#take);
    this.#wake?.();
  }

  readonly #take = (opcode: number, data: Buffer, start: number, end: number): void => {
    if (opcode === ping) this.#socket.write(encodeClientFrame(data.subarray(start, end), pong));
    else if (opcode === close) this.#takeClose(data, start, end);
    else this.#takeText(data, start, end);
  };

  #takeClose(data: Buffer, start: number, end: number): void {
    this.#code = data.readUInt16BE(start);
    this.#socket.write(encodeClientFrame(data.subarray(start, end), close));
    this.#fail(new Error(`a server closed with ${data.toString('utf8', start + 2, end)}`));
  }

  #takeText(data: Buffer, start: number, end: number): void {
    if (this.onText?.(data, start, end) === true) return;
    const reply = this.#answer?.(data, start, end);
    if (reply !== undefined) this.send(reply);
    else if (this.onText === undefined) {
      this.#texts.push(data.toString('utf8', start, end));
      this.#wake?.();
    }
  }
}
