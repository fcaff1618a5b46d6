import { expect, test } from 'vitest';
import { readMemoryOptions, runMemory } from './memory.ts';
import { reportMemory } from './memory-report.ts';

test('every server keeps all its sockets, and the report compares what each takes', async () => {
  const figures = await runMemory({ sockets: 300, rounds: 1 }, () => undefined);
  for (const rounds of Object.values(figures.rounds)) {
    expect(rounds).toHaveLength(1);
    for (const { before, after } of rounds) expect(after).toBeGreaterThan(before);
  }
  const { tables, verdicts } = reportMemory(figures);
  expect(tables[0]?.rows.map(([name]) => name)).toEqual(['', 'Express and Socket.IO', 'Parlour']);
  expect(verdicts.map(({ target }) => target)).toEqual([0.35, 12]);
});

test('options that measure nothing are refused', () => {
  expect(readMemoryOptions([])).toEqual({ sockets: 10_000, rounds: 5 });
  expect(() => readMemoryOptions(['--sockets', '0'])).toThrow('--sockets');
});
