import { limits } from '@parlour/protocol/limits';
import { expect, test } from 'vitest';
import { TestClock } from '../../test/test-clock.ts';
import { FrameLimits } from './frame-limits.ts';

test('P-LIMIT-1: can be forgotten once frames and joins have grown back, and not before', () => {
  const clock = new TestClock();
  const counts = new FrameLimits(clock);
  for (let i = 0; i < limits.frameBurst; i += 1) expect(counts.takeFrame()).toBe(0);
  expect(counts.takeFrame()).toBeGreaterThan(0);
  clock.advance((limits.frameBurst / limits.framesPerSecond) * 1_000 - 1);
  expect(counts.isFull()).toBe(false);
  clock.advance(1);
  expect(counts.isFull()).toBe(true);
});

test('what was done wrong is kept as long as it counts', () => {
  const clock = new TestClock();
  for (const note of ['isTooMalformed', 'isTooFast'] as const) {
    const counts = new FrameLimits(clock);
    expect(counts[note]()).toBe(false);
    clock.advance(9_999);
    expect(counts.isFull()).toBe(false);
    clock.advance(1);
    expect(counts.isFull()).toBe(true);
  }
});
