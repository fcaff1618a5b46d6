import type { RevocationReason } from '@parlour/protocol/close-codes';

/**
 * Where the connection is.
 * - `idle`: `connect()` was not called, or `close()` was.
 * - `connecting`: an attempt is under way.
 * - `ready`: authenticated; only now do events arrive.
 * - `offline`: not connected; `retryAt` tells when it tries again, and without it, it does not by itself.
 * - `signed-out`: the login has ended, `reason` tells why. Only `connect()` tries again.
 */
export type ConnectionName = 'idle' | 'connecting' | 'ready' | 'offline' | 'signed-out';

/** The connection at one moment; replaced, never changed. */
export type ConnectionState = {
  readonly name: ConnectionName;
  /** One sentence for a person. */
  readonly reason?: string;
  /** When signed out by the server's own word (close code 4403): why. */
  readonly revocation?: RevocationReason;
  /** When the next attempt starts, milliseconds since 1970. */
  readonly retryAt?: number;
  /** Which attempt this is, counted since the last time it was ready; 0 when idle or ready. */
  readonly attempt: number;
};
