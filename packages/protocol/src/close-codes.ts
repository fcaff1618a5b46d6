type Close = { code: number; reconnect: boolean; meaning: string };

/**
 * Why a socket was closed (RFC 6455, section 7.4; 44xx mirror HTTP) and whether a client should come back by itself.
 * Coming back always means a new ticket; a ticket request that is answered with 401 ends it.
 */
export const closeCodes = {
  protocolError: { code: 1002, reconnect: false, meaning: 'The frames break the WebSocket protocol.' },
  unsupportedData: { code: 1003, reconnect: false, meaning: 'Binary frames are not supported.' },
  invalidText: { code: 1007, reconnect: false, meaning: 'The text is not UTF-8.' },
  tooManyPieces: { code: 1008, reconnect: false, meaning: 'The message comes in too many pieces.' },
  tooBig: { code: 1009, reconnect: false, meaning: 'The frame is too big.' },
  internal: { code: 1011, reconnect: true, meaning: 'Something went wrong at the server.' },
  restarting: { code: 1012, reconnect: true, meaning: 'The server restarts or cannot vouch for this login now.' },
  malformed: { code: 4400, reconnect: false, meaning: 'The client sent frames that make no sense.' },
  notAuthenticated: { code: 4401, reconnect: true, meaning: 'Not authenticated, or no longer.' },
  revoked: { code: 4403, reconnect: false, meaning: 'The login behind this socket has ended.' },
  handshakeTimeout: { code: 4408, reconnect: true, meaning: 'Authentication took too long.' },
  tooFast: { code: 4429, reconnect: true, meaning: 'Too many frames, or too many connections of one person.' },
  tooSlow: { code: 4508, reconnect: true, meaning: 'The client reads too slowly.' },
} as const satisfies Record<string, Close>;

export type CloseName = keyof typeof closeCodes;

/** The reasons that come with 4403, and the sentence that a person reads. */
export const revocationReasons = {
  session_ended: 'You were signed out.',
  signed_out: 'You signed out.',
  signed_out_elsewhere: 'You were signed out from another device.',
  replaced: 'You signed in again in this browser.',
  expired: 'Your login has expired.',
  signed_out_everywhere: 'You were signed out everywhere else.',
  password_changed: 'Your password was changed on another device.',
  password_reset: 'Your password was reset.',
  provider_signed_out: 'You were signed out by your single sign-on provider.',
  token_revoked: 'This access token was revoked.',
  banned: 'You were banned from this house.',
  account_ended: 'This account was closed.',
} as const;

export type RevocationReason = keyof typeof revocationReasons;

/**
 * Whether what a person has not sent yet is kept for their next login: where nobody took the login away, or nobody knows
 * why it is gone.
 */
export function keepsUnsent(reason: RevocationReason | undefined): boolean {
  return reason === undefined || reason === 'expired' || reason === 'replaced';
}

const reconnecting: ReadonlyMap<number, boolean> = new Map(
  Object.values(closeCodes).map((close) => [close.code, close.reconnect]),
);

/** Whether a client reconnects after this code. Codes outside the table (1000 aside), such as 1006, are cut connections. */
export function shouldReconnect(code: number): boolean {
  return reconnecting.get(code) ?? code !== 1000;
}
