import { expect, test } from 'vitest';
import { readHistoryOptions, runHistory } from './history.ts';
import { reportHistory } from './history-report.ts';

test('pages and resumes are read in rooms of every size, and the report compares what they cost', async () => {
  const figures = await runHistory({ largest: 1_000, pages: 5, rounds: 1 }, () => undefined);
  expect(figures.sizes).toEqual([100, 1_000]);
  for (const { page, resume } of figures.rounds.flat()) {
    expect(page).toBeGreaterThan(0);
    expect(resume).toBeGreaterThan(0);
  }
  const { tables, verdicts, plots } = reportHistory(figures);
  expect(tables[0]?.rows.map(([name]) => name)).toEqual(['messages in the room', '100', '1,000']);
  expect(verdicts.map(({ target }) => target)).toEqual([1.5, 1.5]);
  expect(plots?.[0]?.series.map(({ points }) => points.length)).toEqual([2, 2]);
});

test('options that measure nothing are refused', () => {
  expect(readHistoryOptions(['--largest', '1000'])).toEqual({ largest: 1_000, pages: 300, rounds: 7 });
  expect(() => readHistoryOptions(['--pages', '0'])).toThrow('--pages');
});
