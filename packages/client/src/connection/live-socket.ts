import type { Command } from '@parlour/protocol/commands';
import type { ServerFrame } from '@parlour/protocol/frames';
import { offerTicket, paths } from '@parlour/protocol/subprotocol';
import type { WebSocketClass, WebSocketLike } from './web-socket.ts';

export type SocketHandlers = {
  opened(): void;
  received(frame: ServerFrame): void;
  closed(code: number, reason: string): void;
};

/** A frame that is not a JSON object with a `type` is left alone: a newer server may know more than this client. */
function parseFrame(data: unknown): ServerFrame | undefined {
  try {
    const frame: unknown = JSON.parse(String(data));
    const isFrame = typeof frame === 'object' && frame !== null && 'type' in frame;
    return isFrame ? (frame as ServerFrame) : undefined;
  } catch {
    return undefined;
  }
}

/** One WebSocket, from its ticket to its close. After `drop` no handler is called any more. */
export class LiveSocket {
  readonly #socket: WebSocketLike;
  #isOpen = false;

  constructor(WebSocket: WebSocketClass, origin: string, ticket: string, handlers: SocketHandlers) {
    const url = new URL(paths.socket, origin);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    this.#socket = new WebSocket(url.href, offerTicket(ticket));
    this.#socket.onopen = () => {
      this.#isOpen = true;
      handlers.opened();
    };
    this.#socket.onmessage = (event: { data: unknown }) => {
      const frame = parseFrame(event.data);
      if (frame) handlers.received(frame);
    };
    this.#socket.onclose = (event: { code: number; reason: string }) => {
      this.#isOpen = false;
      handlers.closed(event.code, event.reason);
    };
    // Without a listener the package `ws` would throw; the close that follows says all that there is to know.
    this.#socket.onerror = () => {};
  }

  send(command: Command): void {
    if (this.#isOpen) this.#socket.send(JSON.stringify(command));
  }

  /** Ends it without waiting for the other side, which may be long gone. */
  drop(): void {
    this.#isOpen = false;
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.onerror = () => {};
    this.#socket.close();
  }
}
