import { expect, test } from 'vitest';
import { backoff } from './backoff.ts';

const usual = { first: 100, most: 2_000 };

test('grows up to its most, and differs from node to node', () => {
  expect([0, 1, 2, 3, 4, 5, 50, 5_000].map((failures) => backoff(usual, failures, 1))).toEqual([
    100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000,
  ]);
  expect(backoff(usual, 4, 0)).toBe(800);
});
