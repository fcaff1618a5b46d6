import { expect, test } from 'vitest';
import { runGrowth } from './growth.ts';
import { reportGrowth } from './growth-report.ts';

test('every size is measured and compared with all that are smaller', async () => {
  const options = { rounds: 1, milliseconds: 50 };
  const figures = await runGrowth(options, () => undefined, { sockets: [4], rooms: [1, 2] });
  expect(figures.sockets.sizes.map(({ size }) => size)).toEqual([4]);
  for (const { size, rounds } of figures.sockets.sizes) {
    for (const round of Object.values(rounds).flat()) expect(round.deliveries).toBe(round.messages * size);
  }
  for (const { rounds } of figures.rooms.sizes) {
    for (const round of Object.values(rounds).flat()) expect(round.deliveries).toBe(50 * 20);
  }
  const { verdicts, plots } = reportGrowth(figures);
  expect(verdicts.map(({ target }) => target)).toEqual([1.3]);
  expect(plots?.map(({ series }) => series.map(({ points }) => points.length))).toEqual([
    [1, 1, 1],
    [2, 2],
  ]);
});
