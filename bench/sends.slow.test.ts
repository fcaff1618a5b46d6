import { expect, test } from 'vitest';
import { runSends } from './sends.ts';
import { reportSends } from './sends-report.ts';

test('every send is acknowledged and comes back, and the report compares them', async () => {
  const figures = await runSends({ rounds: 1, milliseconds: 100 }, () => undefined, [2, 100]);
  for (const { senders, rounds } of figures.sizes) {
    expect(Object.keys(rounds)).toEqual(['socket-io', 'parlour']);
    for (const round of Object.values(rounds).flat()) {
      expect(round.messages).toBeGreaterThanOrEqual(senders);
      expect(round.latencies).toHaveLength(round.messages);
    }
  }
  const { verdicts } = reportSends(figures);
  expect(verdicts.map(({ target }) => target)).toEqual([20, 1.1, 0.8, 20]);
});
