import { expect, test } from 'vitest';
import { readStormOptions, runStorm } from './storm.ts';
import { reportStorm } from './storm-report.ts';

test('everybody is back after each crash, with all that they missed, and the report compares what it cost', async () => {
  const figures = await runStorm({ clients: 60, missed: 70, rounds: 1 }, () => undefined);
  const rounds = [...Object.values(figures.returns).flat(), ...figures.resumes];
  expect(rounds).toHaveLength(3);
  for (const { cpu, attempts } of rounds) {
    expect(cpu).toBeGreaterThan(0);
    expect(attempts).toBeGreaterThanOrEqual(60);
  }
  const { tables, verdicts } = reportStorm(figures);
  expect(tables.map(({ rows }) => rows.length)).toEqual([4, 3]);
  expect(verdicts.map(({ target }) => target)).toEqual([1, 3, 50]);
});

test('options that measure nothing are refused', () => {
  expect(readStormOptions(['--clients', '20'])).toEqual({ clients: 20, missed: 100, rounds: 5 });
  expect(() => readStormOptions(['--missed', 'none'])).toThrow('--missed');
});
