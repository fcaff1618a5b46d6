import { expect, test } from 'vitest';
import { hideCodes } from './hide-codes.ts';

test('codes of invites and claims are no part of what is logged', () => {
  expect(hideCodes('GET http://localhost:3000/join/uLeRKWJ3fG0 failed')).toBe(
    'GET http://localhost:3000/join/… failed',
  );
  expect(hideCodes('/__error?url=%2Fclaim%2FT1ZJ-DT2A&status=500')).toBe('/__error?url=%2Fclaim%2F…&status=500');
  expect(hideCodes('/api/invites/uLeRKWJ3fG0/accept')).toBe('/api/invites/…/accept');
  expect(hideCodes('/sign-in?to=/join/uLeRKWJ3fG0')).toBe('/sign-in?to=/join/…');
});

test('everything else is', () => {
  const text = 'GET /api/rooms/abcdefgh12345678/join\n    at render (file:///a/server/claim.ts:1:2)';
  expect(hideCodes(text)).toBe(text);
});
