import type { Room } from '@parlour/protocol/rooms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { addMember } from './add-member.ts';
import { createRoom } from './create-room.ts';
import { listRooms } from './list-rooms.ts';
import { removeMember } from './remove-member.ts';

let house: House;
let ada: Inhabitant;
let grace: Inhabitant;
let designers: Room;

beforeEach(async () => {
  house = await openHouse();
  ada = await house.addPerson('Ada');
  grace = await house.addPerson('Grace');
  designers = await createRoom(house.deps, ada.user, { name: 'Designers', private: true });
  house.published.length = 0;
});
afterEach(() => house.close());

const add = (actor: Inhabitant, user: string) => addMember(house.deps, actor, designers.id, user);

describe('adding a member', () => {
  it('lets somebody into a private room, with one event that tells by whom (A3)', async () => {
    const { member, fresh } = await add(ada, 'grace');
    expect(fresh).toBe(true);
    expect(member).toEqual({ ...grace.user, role: 'member', joinedAt: new Date(house.time.now).toISOString() });
    expect(house.published).toEqual([
      expect.objectContaining({ seq: 2, change: 'added', user: grace.user, by: ada.user }),
    ]);
    expect((await listRooms(house.deps, grace.user)).items).toMatchObject([{ id: designers.id, readSeq: 2 }]);
  });

  it('changes nothing for who is in it already', async () => {
    await add(ada, 'grace');
    house.time.now += 1000;
    expect(await add(ada, 'grace')).toMatchObject({ fresh: false, member: { role: 'member' } });
    expect(await add(ada, 'ada')).toMatchObject({ fresh: false, member: { role: 'owner' } });
    expect(house.published).toHaveLength(1);
  });

  it('takes a removal back', async () => {
    await add(ada, 'grace');
    await removeMember(house.deps, ada, designers.id, 'grace');
    expect(await add(ada, 'grace')).toMatchObject({ fresh: true });
    expect(await house.deps.db.kysely.selectFrom('removals').selectAll().execute()).toEqual([]);
  });

  it('is for those who look after the room, and knows only people of the house (I5, fault 4)', async () => {
    await add(ada, 'grace');
    const linus = await house.addPerson('Linus');
    await expect(add(grace, 'linus')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(add(linus, 'linus')).rejects.toMatchObject({ code: 'room_not_found' });
    await expect(add(ada, 'nobody')).rejects.toMatchObject({ code: 'person_not_found' });
  });
});
