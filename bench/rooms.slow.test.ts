import { expect, test } from 'vitest';
import { packagedPeers } from './peers/peer-name.ts';
import { runRooms } from './rooms.ts';
import { reportRooms } from './rooms-report.ts';

test('every room hears what is said in it, and nothing else', async () => {
  const names = packagedPeers.filter((name) => name !== 'plain-ws');
  const options = { rooms: 3, messages: 300, rounds: 1, milliseconds: 200 };
  const figures = await runRooms(options, () => undefined, names);
  expect(Object.keys(figures.rounds)).toEqual(names);
  for (const round of Object.values(figures.rounds).flat()) {
    expect(round.messages).toBe(60);
    expect(round.deliveries).toBe(60 * 20);
    expect(round.latencies).toHaveLength(60);
  }
  expect(reportRooms(figures).verdicts.map(({ target }) => target)).toEqual([0.9, 1.5, 20]);
});
