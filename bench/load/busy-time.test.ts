import { expect, test } from 'vitest';
import { readBusyTime } from './busy-time.ts';

test('a thread that always has something to do is busy all of the time, whoever else has the processors', () => {
  const [from, before] = [performance.now(), readBusyTime()];
  while (performance.now() - from < 100);
  const busy = (readBusyTime() - before) / 1_000;
  expect(busy).toBeGreaterThan(80);
  expect(busy).toBeLessThan(performance.now() - from + 10);
});
