import { expect, test } from 'vitest';
import { readPageOptions, runPages } from './pages.ts';
import { reportPages } from './pages-report.ts';

test('the page of a room is rendered from either data, and the report compares what it costs', async () => {
  const figures = await runPages({ pages: 3, rounds: 1, rate: 10, seconds: 0.3 }, () => undefined);
  for (const [cpu] of Object.values(figures.cpuAPage)) expect(cpu).toBeGreaterThan(0);
  expect(figures.steady[0]?.latencies.length).toBeGreaterThanOrEqual(3);
  const { tables, verdicts } = reportPages(figures);
  expect(tables[0]?.rows.map(([name]) => name)).toEqual([
    'one after another',
    'the same page from constant data',
    'Parlour',
  ]);
  expect(verdicts.map(({ target }) => target)).toEqual([1.25, 20]);
});

test('options that measure nothing are refused', () => {
  expect(readPageOptions(['--pages', '3'])).toMatchObject({ pages: 3, rounds: 7, rate: 50 });
  expect(() => readPageOptions(['--rate', '0'])).toThrow('--rate');
});
