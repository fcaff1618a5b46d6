import { describe, expect, test } from 'vitest';
import { findTokenLife, isJwt } from './token-life.ts';

const now = Date.parse('2026-01-01T00:00:00.000Z');

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'EdDSA' })}.${part(claims)}.signature`;
}
const issuedAgo = (seconds: number) => ({ iat: now / 1000 - seconds, exp: now / 1000 - seconds + 300 });

describe('findTokenLife', () => {
  test('fault 6: counts what is left of the token, not from when the page was loaded', () => {
    expect(findTokenLife(jwt(issuedAgo(0)), undefined, now)).toBe(300_000);
    expect(findTokenLife(jwt(issuedAgo(200)), undefined, now)).toBe(100_000);
  });

  test.each([
    ['an hour fast', 3_600_000],
    ['an hour slow', -3_600_000],
  ])('a clock that is %s does not matter: a fresh token has its whole life', (_, skew) => {
    expect(findTokenLife(jwt(issuedAgo(0)), undefined, now + skew)).toBe(300_000);
  });

  test('a token that cannot be read lives as long as the answer says', () => {
    expect(findTokenLife('opaque', '2026-01-01T00:01:00.000Z', now)).toBe(60_000);
    expect(findTokenLife('opaque', '2025-01-01T00:01:00.000Z', now)).toBe(0);
    expect(findTokenLife('opaque', undefined, now)).toBe(0);
  });

  test('tells a token from a personal access token', () => {
    expect(isJwt(jwt(issuedAgo(0)))).toBe(true);
    expect(isJwt('parlour_pat_0123456789')).toBe(false);
    expect(isJwt('a.b.c')).toBe(false);
  });
});
