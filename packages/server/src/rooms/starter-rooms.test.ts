import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../test/open-house.ts';
import { createRoom } from './create-room.ts';
import { leaveRoom } from './leave-room.ts';
import { listRooms } from './list-rooms.ts';
import { createStarterRooms, joinStarterRoom } from './starter-rooms.ts';

let house: House;

beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const roomNames = async () =>
  (await house.deps.db.kysely.selectFrom('rooms').select('name').execute()).map((r) => r.name);

describe('the starter rooms', () => {
  it('are General, Sports and Music, once (C2)', async () => {
    await createStarterRooms(house.deps);
    await createStarterRooms(house.deps);
    expect(await roomNames()).toEqual(['General', 'Sports', 'Music']);
  });

  it('are not made in a house that has rooms', async () => {
    const ada = await house.addPerson('Ada');
    await createRoom(house.deps, ada.user, { name: 'Lobby', private: true });
    await createStarterRooms(house.deps);
    expect(await roomNames()).toEqual(['Lobby']);
  });

  it('take a new person into General, once, and leave the others to them', async () => {
    await createStarterRooms(house.deps);
    const ada = await house.addPerson('Ada');
    await joinStarterRoom(house.deps, ada.user);
    await joinStarterRoom(house.deps, ada.user);
    const { items } = await listRooms(house.deps, ada.user);
    expect(items.map(({ name, member, seq }) => ({ name, member, seq }))).toEqual([
      { name: 'General', member: true, seq: 1 },
      { name: 'Music', member: false, seq: 0 },
      { name: 'Sports', member: false, seq: 0 },
    ]);
    expect(house.published).toEqual([expect.objectContaining({ seq: 1, change: 'joined', user: ada.user })]);
    await leaveRoom(house.deps, ada.user, items[0]?.id ?? '');
    expect((await listRooms(house.deps, ada.user)).items.some((room) => room.member)).toBe(false);
  });

  it('may be missing without keeping anybody out', async () => {
    const ada = await house.addPerson('Ada');
    await joinStarterRoom(house.deps, ada.user);
    expect(house.published).toEqual([]);
  });
});
