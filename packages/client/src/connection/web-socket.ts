/** The part of the browser's WebSocket that the client uses. */
export type WebSocketLike = {
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  send(text: string): void;
  close(code?: number, reason?: string): void;
};

/** A WebSocket class: the browser's, that of Node 22 and later, or the package `ws`. */
export type WebSocketClass = new (url: string, protocols: string[]) => WebSocketLike;

/** The given class or the runtime's own. Throws where there is none, as on Node 20. */
export function findWebSocket(given: WebSocketClass | undefined): WebSocketClass {
  const found = given ?? (globalThis as { WebSocket?: WebSocketClass }).WebSocket;
  if (found) return found;
  throw new Error(
    'This runtime has no WebSocket. Use Node 22 or later, or hand one in: createClient({ WebSocket }) with the one of the package "ws".',
  );
}
