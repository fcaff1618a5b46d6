import { expect, test } from 'vitest';
import { readFanoutOptions, runFanout } from './fanout.ts';
import { reportFanout } from './fanout-report.ts';
import { packagedPeers } from './peers/peer-name.ts';

test('every server brings every message to every member, and the report compares them', async () => {
  const figures = await runFanout({ members: 20, rounds: 2, milliseconds: 50 }, () => undefined, packagedPeers);
  expect(figures.modes.map(({ inFlight }) => inFlight)).toEqual([1, 16]);
  for (const { inFlight, rounds } of figures.modes) {
    expect(Object.keys(rounds)).toEqual(packagedPeers);
    expect(Object.values(rounds).map((all) => all.length)).toEqual([2, 2, 2, 2]);
    for (const round of Object.values(rounds).flat()) {
      expect(round.messages).toBeGreaterThanOrEqual(inFlight);
      expect(round.latencies).toHaveLength(round.messages);
      expect(round.deliveries).toBe(round.messages * 20);
      expect(round.cpuADelivery).toBeGreaterThan(0);
      expect(round.residentBytes).toBeGreaterThan(1e6);
    }
  }
  const { tables, verdicts } = reportFanout(figures);
  for (const { rows } of tables) {
    expect(rows.map(([name]) => name?.split(/[:,]/)[0]).slice(1)).toEqual(['Bun', 'plain ws', 'Socket.IO', 'Parlour']);
    expect(rows.at(-1)?.[2]).toBe('1.00 (1.00–1.00)');
  }
  expect(verdicts.map(({ target }) => target)).toEqual([1.25, 1, 0.6, 0.9, 0.65, 1, 1.5, 0.3, 0.5, 0.2, 0.12]);
  const unmeasured = verdicts.filter(({ measured }) => measured === undefined).map(({ target }) => target);
  expect(unmeasured).toEqual([0.6, 0.9, 0.5, 0.2]);
});

test('a room that is too small for its messages in flight is refused', () => {
  const options = { members: 16, rounds: 7, milliseconds: 500 };
  expect(readFanoutOptions(['--members', '16', '--seconds', '0.5'])).toEqual(options);
  expect(() => readFanoutOptions(['--members', '15'])).toThrow('at least 16 members');
  expect(() => readFanoutOptions(['--rounds', 'many'])).toThrow('--rounds');
  expect(() => readFanoutOptions(['--ruonds', '3'])).toThrow('--ruonds');
});
