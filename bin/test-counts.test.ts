import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { addCounts, describeCounts, judge, readCounts } from './test-counts.ts';

function readReport(report: unknown) {
  const folder = mkdtempSync(join(tmpdir(), 'parlour-counts-'));
  const file = join(folder, 'report.json');
  writeFileSync(file, typeof report === 'string' ? report : JSON.stringify(report));
  try {
    return readCounts(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('reads what Vitest and what Playwright report', () => {
  const vitest = { numPassedTests: 5, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };
  expect(readReport(vitest)).toEqual({ passed: 5, failed: 1, skipped: 3 });
  const playwright = { stats: { expected: 4, flaky: 1, unexpected: 2, skipped: 0 } };
  expect(readReport(playwright)).toEqual({ passed: 5, failed: 2, skipped: 0 });
});

test('knows of no counts where the report is missing or broken off', () => {
  expect(readReport('{"numPassed')).toBeUndefined();
  expect(readCounts('/nowhere/report.json')).toBeUndefined();
});

test('a part without tests of its own is one, passed or failed', () => {
  expect(judge(0)).toEqual({ passed: 1, failed: 0, skipped: 0 });
  expect(judge(1)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test('a part that ends badly has failed, even where every test passed', () => {
  expect(judge(0, { passed: 7, failed: 0, skipped: 0 }).failed).toBe(0);
  expect(judge(1, { passed: 7, failed: 0, skipped: 0 })).toEqual({ passed: 7, failed: 1, skipped: 0 });
  expect(judge(1, { passed: 7, failed: 2, skipped: 0 }).failed).toBe(2);
});

test('the last line gives the sum, and skipped ones where there are any', () => {
  const sum = addCounts([
    { passed: 1, failed: 0, skipped: 0 },
    { passed: 20, failed: 2, skipped: 0 },
  ]);
  expect(describeCounts(sum)).toBe('21 passed, 2 failed');
  expect(describeCounts({ ...sum, skipped: 3 })).toBe('21 passed, 2 failed, 3 skipped');
});
