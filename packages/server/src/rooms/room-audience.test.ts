import { expect, it } from 'vitest';
import { RoomAudience } from './room-audience.ts';

const ada = { id: 'ada', name: 'Ada' };
const joined = {
  room: 'lobby',
  seq: 2,
  at: '2026-01-05T09:00:00.000Z',
  event: 'member',
  change: 'joined',
  user: ada,
} as const;

it('P-SELF-1: whoever joins a room while their rooms are looked up again stays among its audience', async () => {
  let answer = Promise.withResolvers<{ id: string }[]>();
  const audience = new RoomAudience({ roomsOf: () => answer.promise });
  answer.resolve([{ id: 'designers' }]);
  await audience.enter('ada');
  answer = Promise.withResolvers();
  const refreshing = audience.refresh();
  audience.receive(joined);
  // Read before they joined.
  answer.resolve([]);
  await refreshing;
  expect(audience.list('lobby')).toEqual(['ada']);
  expect(audience.list('designers')).toEqual([]);
});

it('P-SELF-1: looks the rooms up again of somebody whose rooms could not be read', async () => {
  let isDown = true;
  const audience = new RoomAudience({
    roomsOf: async () => {
      if (isDown) throw new Error('the database is down');
      return [{ id: 'lobby' }];
    },
  });
  await expect(audience.enter('ada')).rejects.toThrow('the database is down');
  expect(audience.list('lobby')).toEqual([]);
  isDown = false;
  await audience.refresh();
  expect(audience.list('lobby')).toEqual(['ada']);
});

it('P-SELF-1: whoever is taken out of a room and added back is among its audience, in whatever order nodes tell of it', async () => {
  const audience = new RoomAudience({ roomsOf: async () => [{ id: 'lobby' }] });
  await audience.enter('ada');
  const added = { ...joined, seq: 4, change: 'added' } as const;
  const removed = { ...joined, seq: 3, change: 'removed' } as const;
  audience.receive(removed);
  expect(audience.list('lobby')).toEqual([]);
  audience.receive(added);
  audience.receive(removed);
  expect(audience.list('lobby')).toEqual(['ada']);
  audience.receive({ ...removed, seq: 5 });
  audience.receive(added);
  expect(audience.list('lobby')).toEqual([]);
});

it('P-SELF-1: so is whoever is added back while their rooms are looked up again', async () => {
  let answer = Promise.withResolvers<{ id: string }[]>();
  const audience = new RoomAudience({ roomsOf: () => answer.promise });
  answer.resolve([{ id: 'lobby' }]);
  await audience.enter('ada');
  answer = Promise.withResolvers();
  const refreshing = audience.refresh();
  audience.receive({ ...joined, seq: 3, change: 'removed' });
  // Read between the two.
  answer.resolve([]);
  audience.receive({ ...joined, seq: 4, change: 'added' });
  await refreshing;
  expect(audience.list('lobby')).toEqual(['ada']);
});
