import { expect, it } from 'vitest';
import { HeadWatch } from './head-watch.ts';

it('I11: tells the rooms that moved, each once, and all of them again after others were heard', async () => {
  const heads = new Map([
    ['lobby', 1],
    ['designers', 1],
  ]);
  const moved: string[] = [];
  const watch = new HeadWatch({
    listRooms: () => [...heads.keys()],
    readHeads: async (rooms) => new Map(rooms.map((room) => [room, heads.get(room) ?? 0])),
    onMoved: (room) => moved.push(room),
  });
  const check = async () => {
    moved.length = 0;
    await watch.check();
    return [...moved];
  };
  expect(await check()).toEqual(['lobby', 'designers']);
  expect(await check()).toEqual([]);
  heads.set('lobby', 2);
  expect(await check()).toEqual(['lobby']);
  watch.forget();
  expect(await check()).toEqual(['lobby', 'designers']);
});
