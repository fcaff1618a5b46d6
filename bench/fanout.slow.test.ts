import { expect, test } from 'vitest';
import { readFanoutOptions, runFanout } from './fanout.ts';
import { reportFanout } from './fanout-report.ts';

test('every server brings every message to every member, and the report compares them', async () => {
  const figures = await runFanout({ members: 20, rounds: 2, milliseconds: 50 }, () => undefined);
  expect(figures.modes.map(({ inFlight }) => inFlight)).toEqual([1, 16]);
  for (const { inFlight, rounds } of figures.modes) {
    for (const round of Object.values(rounds).flat()) {
      expect(round.messages).toBeGreaterThanOrEqual(inFlight);
      expect(round.latencies).toHaveLength(round.messages);
      expect(round.deliveries).toBe(round.messages * 20);
      expect(round.cpuADelivery).toBeGreaterThan(0);
    }
    expect(Object.values(rounds).map((all) => all.length)).toEqual([2, 2, 2]);
  }
  const report = reportFanout(figures);
  for (const { rows } of report.tables) {
    expect(rows.map(([name]) => name?.split(',')[0])).toEqual(['', 'plain ws', 'Socket.IO', 'Parlour']);
    expect(rows[1]?.[2]).toBe('1.00 (1.00–1.00)');
  }
  expect(report.verdicts.map(({ target }) => target)).toEqual([1, 0.3]);
});

test('a room that is too small for its messages in flight is refused', () => {
  expect(readFanoutOptions(['--members', '16', '--seconds', '0.5'])).toEqual({
    members: 16,
    rounds: 7,
    milliseconds: 500,
  });
  expect(() => readFanoutOptions(['--members', '15'])).toThrow('at least 16 members');
  expect(() => readFanoutOptions(['--rounds', 'many'])).toThrow('--rounds');
});
