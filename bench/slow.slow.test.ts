import { expect, test } from 'vitest';
import { readSlowOptions, runSlow } from './slow.ts';
import { reportSlow } from './slow-report.ts';

test('who reads has every message, whoever else does not, and the report compares how soon', async () => {
  const figures = await runSlow({ readers: 40, slow: 4, rounds: 1, seconds: 0.3 }, () => undefined);
  for (const [round] of Object.values(figures.rounds)) expect(round?.latencies.length).toBeGreaterThan(0);
  expect(figures.rounds['all read'][0]?.closed).toBe(0);
  const { tables, verdicts } = reportSlow(figures);
  expect(tables[0]?.rows.map(([name]) => name)).toEqual(['', 'all read', '4 do not']);
  expect(verdicts.map(({ target }) => target)).toEqual([1.1, 1.1, 36]);
});

test('options that measure nothing are refused', () => {
  expect(readSlowOptions(['--slow', '20'])).toMatchObject({ readers: 1_000, slow: 20 });
  expect(() => readSlowOptions(['--slow', '600'])).toThrow('at most half');
});
