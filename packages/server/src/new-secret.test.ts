import { expect, test } from 'vitest';
import { newSecret } from './new-secret.ts';

test('every secret is another 256 bits, also where the pool is filled again', () => {
  const secrets = Array.from({ length: 1_000 }, newSecret);
  expect(new Set(secrets).size).toBe(1_000);
  for (const secret of secrets) expect(secret).toMatch(/^[\w-]{43}$/);
});
