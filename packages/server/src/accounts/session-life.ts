const day = 24 * 60 * 60 * 1_000;

/** Milliseconds that a session lasts whatever happens, and unused. */
export const sessionLife = 90 * day;
export const sessionIdle = 30 * day;
/** A use is written down at most this often. A live socket is used too: its client renews the token every few minutes. */
export const touchInterval = 5 * 60 * 1_000;

/** When a session ends unless it is used before, in milliseconds since 1970. */
export function endOfSession(session: { expiresAt: string; updatedAt: string }): number {
  return Math.min(Date.parse(session.expiresAt), Date.parse(session.updatedAt) + sessionIdle);
}
