import { expect, test } from 'vitest';
import { readRevocationOptions, runRevocation } from './revocation.ts';
import { reportRevocation } from './revocation-report.ts';

test('I7: every socket of an ended session goes, nothing comes after its close, and no other one notices', async () => {
  const options = { sessions: 20, messages: 50, seconds: 4, revocations: 8 };
  const figures = await runRevocation(options, () => undefined);
  expect(figures.faults).toEqual([]);
  expect(figures.ends.map(({ way }) => way).sort()).toEqual([...Array(4).fill('row'), ...Array(4).fill('sign-out')]);
  for (const { milliseconds } of figures.ends) expect(milliseconds).toBeLessThan(5_000);
  for (const noted of Object.values(figures.latencies)) expect(noted.length).toBeGreaterThan(0);
  expect(reportRevocation(figures).verdicts).toMatchObject([{ target: 250, unit: 'ms' }]);
});

test('options that measure nothing are refused', () => {
  expect(readRevocationOptions(['--sessions', '20', '--revocations', '8'])).toMatchObject({
    sessions: 20,
    messages: 500,
  });
  expect(() => readRevocationOptions(['--sessions', '7'])).toThrow('an even number from 4 on');
  expect(() => readRevocationOptions(['--revocations', '500'])).toThrow('fewer than there are sessions');
});
