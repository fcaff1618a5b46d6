import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import type { Command } from '@parlour/protocol/commands';
import type { AckFrame, ErrorFrame, EventFrame, JoinedFrame, ServerFrame } from '@parlour/protocol/frames';
import { offerTicket, paths } from '@parlour/protocol/subprotocol';
import { WebSocket } from 'ws';

type FrameOf<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;
type Closed = { code: number; reason: string };

/** What the server answered to an upgrade that it refused. */
export class UpgradeRefused extends Error {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;

  constructor(status: number, headers: IncomingHttpHeaders) {
    super(`the upgrade was refused with ${status}`);
    this.status = status;
    this.headers = headers;
  }
}

export type OpenOptions = {
  protocols?: string[];
  path?: string;
  headers?: Record<string, string>;
  /** False for a peer that leaves pings unanswered. */
  autoPong?: boolean;
  /** Called with each frame as it comes, before anybody waits for it. */
  onFrame?(frame: ServerFrame): void;
};

/** A raw socket that queues what it gets, so that a test takes frames in order and waits for nothing by time. */
export class TestSocket {
  readonly closed: Promise<Closed>;
  /** Every frame in the order it came, also those that were taken. */
  readonly log: ServerFrame[] = [];
  readonly #ws: WebSocket;
  readonly #queue: ServerFrame[] = [];
  #wake: (() => void)[] = [];
  #close: Closed | undefined;

  private constructor(ws: WebSocket, onFrame: OpenOptions['onFrame']) {
    this.#ws = ws;
    ws.on('message', (data) => {
      const frame = JSON.parse(data.toString()) as ServerFrame;
      onFrame?.(frame);
      this.log.push(frame);
      this.#queue.push(frame);
      this.#notify();
    });
    this.closed = new Promise((resolve) => {
      ws.on('close', (code, reason) => {
        this.#close = { code, reason: reason.toString() };
        resolve(this.#close);
        this.#notify();
      });
    });
    ws.on('error', () => undefined);
  }

  /** Throws UpgradeRefused. */
  static open(origin: string, ticket: string | undefined, options: OpenOptions = {}): Promise<TestSocket> {
    const protocols = options.protocols ?? (ticket === undefined ? [] : offerTicket(ticket));
    const url = new URL(options.path ?? paths.socket, origin.replace('http', 'ws'));
    const { headers = {}, autoPong = true } = options;
    const ws = new WebSocket(url, protocols, { headers, autoPong });
    const socket = new TestSocket(ws, options.onFrame);
    return new Promise((resolve, reject) => {
      ws.once('open', () => resolve(socket));
      ws.once('unexpected-response', (_request, response) => {
        reject(new UpgradeRefused(response.statusCode ?? 0, response.headers));
        ws.terminate();
      });
      ws.once('error', reject);
    });
  }

  get protocol(): string {
    return this.#ws.protocol;
  }

  get extensions(): string {
    return this.#ws.extensions;
  }

  get isClosed(): boolean {
    return this.#close !== undefined;
  }

  /** Bytes that the server has not taken yet. */
  get unsent(): number {
    return this.#ws.bufferedAmount;
  }

  /** Events in the order they came, all or those of one room. */
  events(room?: string): EventFrame[] {
    return this.log.filter((frame) => frame.type === 'event').filter((event) => (room ?? event.room) === event.room);
  }

  send(command: Command): void {
    this.#ws.send(JSON.stringify(command));
  }

  sendRaw(data: string | Buffer, binary = typeof data !== 'string'): void {
    this.#ws.send(data, { binary });
  }

  ping(data = ''): void {
    this.#ws.ping(data);
  }

  async pinged(): Promise<void> {
    await once(this.#ws, 'ping');
  }

  /** Stops reading, as a slow peer would. */
  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }

  async join(room: string, after?: number): Promise<JoinedFrame> {
    this.send({ type: 'join', room, ...(after === undefined ? {} : { after }) });
    return await this.next('joined', (frame) => frame.room === room);
  }

  /** Sends a message and waits for its answer. */
  async say(room: string, id: string, body: string, data?: unknown): Promise<AckFrame | ErrorFrame> {
    this.send({ type: 'send', room, id, body, ...(data === undefined ? {} : { data }) });
    return await this.answer(id);
  }

  /** The answer to the command with this id. */
  async answer(id: string): Promise<AckFrame | ErrorFrame> {
    return await this.#nextWhere((frame) => isAnswer(frame) && frame.id === id);
  }

  /** The first frame since that place in the log that matches, or nothing when the socket closes before one. */
  async firstSince(place: number, matches: (frame: ServerFrame) => boolean): Promise<ServerFrame | undefined> {
    for (;;) {
      const found = this.log.slice(place).find(matches);
      if (found !== undefined || this.#close !== undefined) return found;
      await this.#news();
    }
  }

  /** The next answer to any command that has an id. */
  async nextAnswer(): Promise<AckFrame | ErrorFrame> {
    return await this.#nextWhere(isAnswer);
  }

  /** The answers to commands that are under way together, in the order of these ids. */
  async answers(ids: readonly string[]): Promise<(AckFrame | ErrorFrame)[]> {
    for (;;) {
      const answered = new Map(this.log.flatMap((frame) => (isAnswer(frame) ? [[frame.id, frame]] : [])));
      if (ids.every((id) => answered.has(id))) return ids.flatMap((id) => answered.get(id) ?? []);
      await this.#news();
    }
  }

  /** Waits until this many errors came, also those that were taken. */
  async errors(count: number): Promise<ErrorFrame[]> {
    for (;;) {
      const errors = this.log.filter((frame) => frame.type === 'error');
      if (errors.length >= count) return errors;
      await this.#news();
    }
  }

  /** The next frame of this type; those before it are passed over. Throws when the socket closes first. */
  async next<T extends ServerFrame['type']>(
    type: T,
    matches: (frame: FrameOf<T>) => boolean = () => true,
  ): Promise<FrameOf<T>> {
    return await this.#nextWhere((frame) => frame.type === type && matches(frame as FrameOf<T>));
  }

  /** Everything that came, after a round trip made sure that nothing is under way. */
  async settle(): Promise<ServerFrame[]> {
    const pong = new Promise<void>((resolve) => this.#ws.once('pong', () => resolve()));
    this.#ws.ping();
    await Promise.race([pong, this.closed]);
    return this.#queue.splice(0);
  }

  close(): Promise<Closed> {
    this.#ws.close();
    return this.closed;
  }

  /** Cuts the connection without a word. */
  cut(): Promise<Closed> {
    this.#ws.terminate();
    return this.closed;
  }

  async #nextWhere<F extends ServerFrame>(matches: (frame: ServerFrame) => boolean): Promise<F> {
    for (;;) {
      for (let frame = this.#queue.shift(); frame !== undefined; frame = this.#queue.shift()) {
        if (matches(frame)) return frame as F;
      }
      await this.#news();
    }
  }

  async #news(): Promise<void> {
    if (this.#close !== undefined) throw new Error(`closed with ${this.#close.code} before the awaited frame came`);
    await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = [];
    for (const resolve of wake) resolve();
  }
}

function isAnswer(frame: ServerFrame): frame is AckFrame | ErrorFrame {
  return frame.type === 'ack' || frame.type === 'error';
}
