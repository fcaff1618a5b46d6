import { expect, test } from 'vitest';
import { readHandshakeOptions, runHandshake } from './handshake.ts';
import { reportHandshake } from './handshake-report.ts';

test('every server brings every login to a live socket, and the report compares them', async () => {
  const figures = await runHandshake({ handshakes: 20, rounds: 2 }, () => undefined);
  expect(figures.modes.map(({ inFlight }) => inFlight)).toEqual([1, 16]);
  for (const { rounds } of figures.modes) {
    expect(Object.values(rounds).map((all) => all.length)).toEqual([2, 2, 2]);
    for (const round of Object.values(rounds).flat()) {
      expect(round.latencies).toHaveLength(20);
      expect(round.cpuAHandshake).toBeGreaterThan(0);
    }
  }
  const report = reportHandshake(figures);
  expect(report.tables).toHaveLength(2);
  for (const { rows } of report.tables) {
    expect(rows.find(([name]) => name === 'Express and Socket.IO, tickets stored')?.[2]).toBe('1.00 (1.00–1.00)');
    expect(rows.at(-1)?.slice(0, 2)).toEqual(['Parlour', expect.stringMatching(/^\d+ \(\d+–\d+\) µs$/)]);
  }
  expect(report.verdicts.map(({ target }) => target)).toEqual([1, 1, 1, 1]);
});

test('options that measure nothing are refused', () => {
  expect(readHandshakeOptions(['--handshakes', '16'])).toEqual({ handshakes: 16, rounds: 7 });
  expect(() => readHandshakeOptions(['--handshakes', '15'])).toThrow('at least 16 handshakes');
});
