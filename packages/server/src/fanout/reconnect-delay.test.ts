import { expect, test } from 'vitest';
import { reconnectDelay } from './reconnect-delay.ts';

test('grows up to two seconds, and differs from node to node', () => {
  expect([0, 1, 2, 3, 4, 5, 50, 5_000].map((failures) => reconnectDelay(failures, 1))).toEqual([
    100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000,
  ]);
  expect(reconnectDelay(4, 0)).toBe(800);
});
