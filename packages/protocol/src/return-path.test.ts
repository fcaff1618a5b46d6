import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readReturnPath } from './return-path.ts';

test('C5: the page first asked for is where signing in leads', () => {
  expect(readReturnPath('/rooms/abc?at=3#last')).toBe('/rooms/abc?at=3#last');
  expect(readReturnPath('/join/x-Y_z')).toBe('/join/x-Y_z');
});

test('fault 22: another site is never where signing in leads', () => {
  expect(readReturnPath('/rooms')).toBe('/rooms');
  for (const elsewhere of [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    '/.//evil.example',
    '/..//evil.example',
    'javascript:alert(1)',
    'evil.example',
    '',
    undefined,
    ['/rooms', '//evil.example'],
  ]) {
    expect(readReturnPath(elsewhere), String(elsewhere)).toBeUndefined();
  }
});

test('the door does not lead to the door', () => {
  expect(readReturnPath('/sign-in?to=/rooms')).toBeUndefined();
  expect(readReturnPath('/sign-up')).toBeUndefined();
  expect(readReturnPath('/sign-info')).toBe('/sign-info');
});

/** As a browser resolves what a `Location` header or a link of the page says. */
const siteOf = (path: string) => new URL(path, 'https://house.example/sign-in').origin;
const breakers = [
  '/',
  '//',
  '\\',
  '.',
  '..',
  '\t',
  '\r\n',
  '%2f',
  '%5c',
  '%0d%0a',
  ':',
  '@',
  '?',
  '#',
  'evil.example',
  'https:',
];

test('fault 22: whatever is asked for, encoded or broken up, leads to this site and holds no line break', () => {
  for (const odd of [
    '/%2F%2Fevil.example',
    '/%5Cevil.example',
    '/x\r\nLocation: https://evil.example',
    '/%0d%0aset-cookie:x',
  ]) {
    const path = readReturnPath(odd) ?? '/';
    expect([odd, siteOf(path)]).toEqual([odd, 'https://house.example']);
    expect(path).not.toMatch(/[\r\n\t\0]/);
  }
  const pieces = fc.array(fc.oneof(fc.constantFrom(...breakers), fc.string({ maxLength: 3 })), { maxLength: 8 });
  fc.assert(
    fc.property(pieces, (parts) => {
      const path = readReturnPath(`/${parts.join('')}`) ?? '/';
      expect(siteOf(path)).toBe('https://house.example');
      expect(path).not.toMatch(/[\r\n\t\0]/);
    }),
    { numRuns: 2_000 },
  );
});
