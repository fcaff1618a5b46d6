/** Seconds since 1970 as a JWT (RFC 7519) states them; empty where the token cannot be read. */
function readClaims(token: string): { iat?: unknown; exp?: unknown } {
  try {
    const payload = token.split('.')[1] ?? '';
    return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { iat?: unknown; exp?: unknown };
  } catch {
    return {};
  }
}

export function isJwt(bearer: string): boolean {
  return readClaims(bearer).exp !== undefined;
}

/**
 * How many milliseconds a token has left, counted from the token itself (fault 6). Where the two clocks disagree so
 * much that it seems to have ended or to last longer than it was made for, its whole life is counted from now.
 */
export function findTokenLife(token: string, expiresAt: string | undefined, now: number): number {
  const { iat, exp } = readClaims(token);
  const end = typeof exp === 'number' ? exp * 1000 : Date.parse(expiresAt ?? '');
  if (Number.isNaN(end)) return 0;
  const left = end - now;
  if (typeof iat !== 'number') return Math.max(0, left);
  const whole = end - iat * 1000;
  return left <= 0 || left > whole ? whole : left;
}
