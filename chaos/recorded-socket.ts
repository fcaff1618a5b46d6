import type { IncomingMessage } from 'node:http';
import type { Command } from '@parlour/protocol/commands';
import type { ServerFrame } from '@parlour/protocol/frames';
import { WebSocket } from 'ws';
import type { WebSocketClass, WebSocketLike } from '../packages/client/src/client.ts';
import type { ForgetfulCommands } from './forgetful-commands.ts';
import { nodeHeader } from './nginx.ts';
import type { SleepyEnvironment } from './sleepy-environment.ts';

/** One socket of a client as the wire showed it, whatever the client made of it. Times are milliseconds since 1970. */
export type SocketRecord = {
  /** The address of the node behind nginx. */
  node: string;
  authenticatedAt: number;
  lastFrameAt: number;
  lastFrame: string;
  closedAt: number;
  code: number;
  /** The client gave it up itself, so when it closes says nothing about the server. */
  isDropped: boolean;
  /** The `after` of the last join of a room, and the `seq` that must come next. */
  asked: Map<string, number>;
  next: Map<string, number>;
};

export type SocketWitness = {
  opened(socket: SocketRecord): void;
  received(socket: SocketRecord, frame: ServerFrame): void;
};

export type RecordedSocket = { record: SocketRecord; pause(): void; resume(): void; cut(): void };

/** The WebSocket that a client is given: a real one that keeps a record, and hands nothing over while the laptop sleeps. */
export function recordSockets(
  environment: SleepyEnvironment,
  witness: SocketWitness,
  keep: (socket: RecordedSocket) => void,
  commands: ForgetfulCommands,
): WebSocketClass {
  return class implements WebSocketLike {
    onopen: WebSocketLike['onopen'] = null;
    onmessage: WebSocketLike['onmessage'] = null;
    onerror: WebSocketLike['onerror'] = null;
    onclose: WebSocketLike['onclose'] = null;
    readonly #socket: WebSocket;
    readonly #record = newRecord();

    constructor(url: string, protocols: string[]) {
      const socket = new WebSocket(url, protocols, { perMessageDeflate: false });
      this.#socket = socket;
      const record = this.#record;
      socket.on('upgrade', ({ headers }: IncomingMessage) => {
        record.node = String(headers[nodeHeader]);
      });
      socket.on('open', () => environment.whenAwake(() => this.onopen?.(undefined as never)));
      socket.on('message', (data: Buffer) => {
        const text = data.toString();
        const frame = JSON.parse(text) as ServerFrame;
        record.lastFrameAt = Date.now();
        record.lastFrame = text.slice(0, 200);
        if (frame.type === 'authenticated') record.authenticatedAt ||= Date.now();
        witness.received(record, frame);
        environment.whenAwake(() => this.onmessage?.({ data: text } as never));
      });
      socket.on('close', (code: number, reason: Buffer) => {
        record.closedAt = Date.now();
        record.code = code;
        environment.whenAwake(() => this.onclose?.({ code, reason: reason.toString() } as never));
      });
      socket.on('error', () => environment.whenAwake(() => this.onerror?.(undefined as never)));
      witness.opened(record);
      keep({
        record,
        pause: () => socket.pause(),
        resume: () => socket.resume(),
        cut: () => socket.terminate(),
      });
    }

    send(text: string): void {
      const command = JSON.parse(text) as Command;
      if (command.type === 'join') this.#record.asked.set(command.room, command.after ?? 0);
      this.#socket.send(JSON.stringify(commands.change(command)));
    }

    close(): void {
      if (this.#record.closedAt === 0) this.#record.isDropped = true;
      this.#socket.close();
    }
  };
}

function newRecord(): SocketRecord {
  return {
    node: '',
    authenticatedAt: 0,
    lastFrameAt: 0,
    lastFrame: '',
    closedAt: 0,
    code: 0,
    isDropped: false,
    asked: new Map(),
    next: new Map(),
  };
}
