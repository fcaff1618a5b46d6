import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LookUp } from './look-up.ts';

let looks: number;
let isAlone: boolean;
let isDown: boolean;
let errors: unknown[];
let lookUp: LookUp;

beforeEach(() => {
  vi.useFakeTimers();
  [looks, isAlone, isDown, errors] = [0, false, false, []];
  lookUp = new LookUp({
    look: async () => {
      looks += 1;
      if (isDown) throw new Error('the database is down');
    },
    isAlone: () => isAlone,
    onError: (error) => void errors.push(error),
  });
  lookUp.start();
});
afterEach(() => {
  lookUp.stop();
  vi.useRealTimers();
});

it('looks as long as other nodes are not heard', async () => {
  await vi.advanceTimersByTimeAsync(10_000);
  expect(looks).toBe(0);
  isAlone = true;
  await vi.advanceTimersByTimeAsync(6_000);
  expect(looks).toBe(3);
});

it('looks again after a fault until it has succeeded once', async () => {
  isDown = true;
  lookUp.hurry();
  await vi.advanceTimersByTimeAsync(4_000);
  expect([looks, errors.length]).toEqual([3, 3]);
  isDown = false;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(looks).toBe(4);
});

it('looks once for what was missed', async () => {
  lookUp.miss();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(looks).toBe(1);
});
