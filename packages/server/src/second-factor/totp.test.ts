import { Secret } from 'otpauth';
import { expect, test } from 'vitest';
import { findStep, newTotpSecret, totpUri } from './totp.ts';

/** RFC 6238, appendix B, for SHA-1, cut to six digits. */
const secret = Secret.fromLatin1('12345678901234567890').base32;
const vectors: [seconds: number, code: string][] = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_234_567_890, '005924'],
  [20_000_000_000, '353130'],
];

test.each(vectors)('the code of RFC 6238 at %i s is %s, for a step either way', (seconds, code) => {
  const step = Math.floor(seconds / 30);
  for (const off of [-30, 0, 30]) expect(findStep(secret, code, (seconds + off) * 1_000)).toBe(step);
  for (const off of [-60, 60]) expect(findStep(secret, code, (seconds + off) * 1_000)).toBeUndefined();
});

test('what is no code belongs to no step', () => {
  expect(findStep(secret, '287082', 59_000)).toBe(1);
  for (const code of ['', '28708', '2870820', 'abcdef', '２８７０８２']) {
    expect(findStep(secret, code, 59_000)).toBeUndefined();
  }
});

test('a secret has 160 bits and names the house and the person', () => {
  const made = newTotpSecret();
  expect(Secret.fromBase32(made).bytes).toHaveLength(20);
  expect(newTotpSecret()).not.toBe(made);
  const uri = new URL(totpUri(made, 'Our House', 'ada@private.example'));
  expect(uri.href).toContain('otpauth://totp/Our%20House:ada%40private.example?');
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    issuer: 'Our House',
    secret: made,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
});
