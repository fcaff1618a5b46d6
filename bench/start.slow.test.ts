import { expect, test } from 'vitest';
import { readStartOptions, runStart } from './start.ts';
import { reportStart } from './start-report.ts';

test('the server starts again and again on a filled database, and the report says how soon', async () => {
  const figures = await runStart({ mebibytes: 20, rounds: 1, rest: 0.1 }, () => undefined);
  expect(figures.bytes).toBeGreaterThanOrEqual(20 * 1_024 ** 2);
  const [round] = figures.rounds;
  for (const value of Object.values(round ?? {})) expect(value).toBeGreaterThan(0);
  expect(reportStart(figures).verdicts.map(({ target }) => target)).toEqual([1.5, 180]);
});

test('options that measure nothing are refused', () => {
  expect(readStartOptions(['--rounds', '3'])).toEqual({ mebibytes: 1_024, rounds: 3, rest: 30 });
  expect(() => readStartOptions(['--mebibytes', '-1'])).toThrow('--mebibytes');
});
