import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { Sealer } from './sealer.ts';

const sealer = new Sealer(randomBytes(32));

test('what was sealed is opened for the same purpose, and reads like nothing before', () => {
  const sealed = sealer.seal('a purpose', 'a sécret');
  expect(sealer.open('a purpose', sealed)).toBe('a sécret');
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('cret');
  expect(sealer.seal('a purpose', 'a sécret')).not.toBe(sealed);
});

test('nothing is opened for another purpose, by another key, or changed', () => {
  const sealed = sealer.seal('a purpose', 'a secret');
  expect(sealer.open('a purpose', sealed)).toBe('a secret');
  expect(sealer.open('another', sealed)).toBeUndefined();
  expect(new Sealer(randomBytes(32)).open('a purpose', sealed)).toBeUndefined();
  for (const changed of ['', 'x', sealed.slice(4), `${sealed.slice(0, -2)}AA`]) {
    expect(sealer.open('a purpose', changed)).toBeUndefined();
  }
});
