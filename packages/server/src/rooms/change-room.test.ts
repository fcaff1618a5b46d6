import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { toMemberEvent } from './append-event.ts';
import { changeRoom } from './change-room.ts';
import type { Queries } from './room.ts';
import { insertRoom } from './room-store.ts';

let house: House;
let db: Queries;
let ada: Inhabitant;
let room: { room: number; roomId: string };

beforeEach(async () => {
  house = await openHouse();
  db = house.deps.db.kysely;
  ada = await house.addPerson('Ada');
  const number = await insertRoom(db, { id: 'lobby', name: 'Lobby', private: false, createdAt: 1 });
  room = { room: number, roomId: 'lobby' };
});
afterEach(() => house.close());

const append = (change: 'joined' | 'left') =>
  changeRoom(house.deps, (changing) => changing.append({ ...room, user: ada.user, change }));

describe('a change of a room', () => {
  it('takes the number after the last event and leaves the count of messages as it is (I2)', async () => {
    await append('joined');
    const message = { kind: 'message' as const, id: 'm', author: 'ada', at: 1, body: 'hello', data: null };
    await db
      .insertInto('events')
      .values({ room: room.room, seq: 2, position: 1, ...message })
      .execute();
    await append('left');
    const events = await db.selectFrom('events').select(['seq', 'position', 'kind']).orderBy('seq').execute();
    expect(events).toEqual([
      { seq: 1, position: 0, kind: 'member' },
      { seq: 2, position: 1, kind: 'message' },
      { seq: 3, position: 1, kind: 'member' },
    ]);
  });

  it('is published once it is durable, as it is later read again (I1, I2)', async () => {
    const stored: unknown[] = [];
    const deps = {
      ...house.deps,
      publish: () => void stored.push(db.selectFrom('events').select('seq').execute()),
    };
    const event = await changeRoom(deps, ({ append: add }) => add({ ...room, user: ada.user, change: 'joined' }));
    expect(await Promise.all(stored)).toEqual([[{ seq: 1 }]]);
    const row = await db.selectFrom('events').selectAll().executeTakeFirstOrThrow();
    expect(toMemberEvent('lobby', { ...row, name: 'Ada' })).toEqual(event);
    expect(toMemberEvent('lobby', { ...row, name: null }).user).toEqual({ id: 'ada', name: 'Former member' });
  });

  it('that fails appends nothing, publishes nothing and uses up no number (I2)', async () => {
    await append('joined');
    const failing = changeRoom(house.deps, async ({ append: add }) => {
      await add({ ...room, user: ada.user, change: 'left' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(house.published.map((event) => event.seq)).toEqual([1]);
    expect(await append('left')).toMatchObject({ seq: 2 });
  });
});
