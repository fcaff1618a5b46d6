import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { createRoom } from './create-room.ts';
import { createRoomsOf, findMembership } from './find-membership.ts';

let house: House;
let ada: Inhabitant;

beforeEach(async () => {
  house = await openHouse();
  ada = await house.addPerson('Ada');
});
afterEach(() => house.close());

describe('creating a room', () => {
  it('makes its maker its owner, with one event that is read already (C2, I2)', async () => {
    const room = await createRoom(house.deps, ada.user, { name: 'Lobby', private: false });
    expect(room).toEqual({
      id: expect.stringMatching(/^[a-z0-9]{16}$/),
      name: 'Lobby',
      private: false,
      member: true,
      role: 'owner',
      seq: 1,
      unread: 0,
      mentions: 0,
      readSeq: 1,
    });
    const at = new Date(house.time.now).toISOString();
    expect(house.published).toEqual([
      { room: room.id, seq: 1, event: 'member', at, change: 'created', user: ada.user },
    ]);
  });

  it('lets two rooms have one name, so that a private one does not show by it (I5)', async () => {
    const first = await createRoom(house.deps, ada.user, { name: 'Plans', private: true });
    const grace = await house.addPerson('Grace');
    const second = await createRoom(house.deps, grace.user, { name: 'Plans', private: true });
    expect(second.id).not.toBe(first.id);
  });

  it('shows in what others ask: whose rooms these are, and who is in them', async () => {
    const grace = await house.addPerson('Grace');
    const room = await createRoom(house.deps, ada.user, { name: 'Lobby', private: false });
    const number = expect.any(Number);
    const roomsOf = createRoomsOf(house.deps.db);
    expect(await roomsOf('ada')).toEqual([{ number, id: room.id, role: 'owner' }]);
    for (const other of ['grace', 'nobody', 'a\0da', "ada' OR '1'='1"]) expect(await roomsOf(other)).toEqual([]);
    expect(await findMembership(house.deps.db.kysely, 'ada', room.id)).toEqual({ number, id: room.id, role: 'owner' });
    expect(await findMembership(house.deps.db.kysely, grace.user.id, room.id)).toBeUndefined();
  });
});
