import type { RetryOptions } from './connection/backoff.ts';
import type { Environment } from './connection/environment.ts';
import type { WebSocketClass } from './connection/web-socket.ts';
import type { OutboxStorage } from './messages/outbox-storage.ts';

export type ClientOptions = {
  /** Where Parlour is: an origin such as `https://chat.example.org`. The page's own when not given. */
  url?: string;
  /**
   * A bearer for every request (RFC 6750): a personal access token, or a token (JWT) that the application's own back
   * end hands out. Without it the browser's session cookie counts. It is asked for each time and never kept.
   */
  credentials?: () => Promise<string> | string;
  /** Instead of the runtime's own `fetch`. */
  fetch?: typeof fetch;
  /** Instead of the runtime's own WebSocket. Node 20 has none: give it the one of the package `ws`. */
  WebSocket?: WebSocketClass;
  /** Where unsent messages outlive a reload; in a browser the tab's `sessionStorage` when not given. */
  storage?: OutboxStorage;
  /** How reconnecting is spaced. */
  retry?: RetryOptions;
  /** Clock, timers and randomness, for tests. */
  environment?: Environment;
};

/** The origin to talk to. Throws where there is neither an option nor a page. */
export function findOrigin(url: string | undefined): string {
  const found = url ?? (globalThis as { location?: { origin: string } }).location?.origin;
  if (found !== undefined) return new URL(found).origin;
  throw new TypeError('Outside a page, the client must be told where Parlour is: createClient({ url }).');
}
