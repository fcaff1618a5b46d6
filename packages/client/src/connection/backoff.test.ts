import { describe, expect, test } from 'vitest';
import { Backoff } from './backoff.ts';

describe('Backoff', () => {
  test('A11: doubles from half a second to thirty, and starts over when it worked', () => {
    const backoff = new Backoff(() => 1);
    const delays = Array.from({ length: 8 }, () => backoff.next());
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    backoff.reset();
    expect(backoff.next()).toBe(500);
  });

  test('spreads over the whole span', () => {
    expect(new Backoff(() => 0).next()).toBe(0);
    expect(new Backoff(() => 0.25).next()).toBe(125);
  });

  test('never undercuts what the server asked for', () => {
    expect(new Backoff(() => 0).next(7_000)).toBe(7_000);
    expect(new Backoff(() => 1).next(7_000)).toBe(7_500);
  });

  test('B7: interval, longest and times can be set', () => {
    const backoff = new Backoff(() => 1, { interval: 10, longest: 15, times: 2 });
    expect([backoff.next(), backoff.exhausted, backoff.next(), backoff.exhausted]).toEqual([10, false, 15, true]);
  });
});
