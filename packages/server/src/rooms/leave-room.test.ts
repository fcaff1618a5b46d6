import type { Room } from '@parlour/protocol/rooms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { createRoom } from './create-room.ts';
import { joinRoom } from './join-room.ts';
import { leaveRoom } from './leave-room.ts';
import { listMembers } from './list-members.ts';

let house: House;
let ada: Inhabitant;
let ann: Inhabitant;
let joanna: Inhabitant;
let lobby: Room;

beforeEach(async () => {
  house = await openHouse();
  ada = await house.addPerson('Ada');
  ann = await house.addPerson('Ann');
  joanna = await house.addPerson('Joanna');
  lobby = await createRoom(house.deps, ada.user, { name: 'Lobby', private: false });
  for (const person of [joanna, ann]) {
    house.time.now += 1000;
    await joinRoom(house.deps, person.user, lobby.id);
  }
  house.published.length = 0;
});
afterEach(() => house.close());

const namesFor = async (reader: Inhabitant) =>
  (await listMembers(house.deps, reader.user, lobby.id)).items.map(({ name, role }) => `${name} ${role}`);

describe('leaving a room', () => {
  it('takes exactly that person out, with one event (A3, fault 17)', async () => {
    expect(await namesFor(ada)).toEqual(['Ada owner', 'Ann member', 'Joanna member']);
    await leaveRoom(house.deps, ann.user, lobby.id);
    expect(await namesFor(ada)).toEqual(['Ada owner', 'Joanna member']);
    expect(house.published).toEqual([expect.objectContaining({ seq: 4, change: 'left', user: ann.user })]);
  });

  it('changes nothing for who is not in it, and tells nothing of rooms they may not see (I5)', async () => {
    await leaveRoom(house.deps, ann.user, lobby.id);
    await leaveRoom(house.deps, ann.user, lobby.id);
    expect(house.published).toHaveLength(1);
    await expect(leaveRoom(house.deps, ann.user, 'nowhere')).rejects.toMatchObject({ code: 'room_not_found' });
  });

  it('hands the room of an owner who goes to who has been in it longest', async () => {
    await leaveRoom(house.deps, ada.user, lobby.id);
    expect(await namesFor(ann)).toEqual(['Joanna owner', 'Ann member']);
  });

  it('leaves a room empty, and a later member finds all of its history there', async () => {
    for (const person of [ada, ann, joanna]) await leaveRoom(house.deps, person.user, lobby.id);
    const room = await joinRoom(house.deps, ann.user, lobby.id);
    expect(room).toMatchObject({ role: 'member', seq: 7, readSeq: 7 });
  });

  it('writes the ended membership to the revocation log', async () => {
    await leaveRoom(house.deps, ann.user, lobby.id);
    const log = await house.deps.db.kysely.selectFrom('revocations').select(['kind', 'user', 'room']).execute();
    expect(log).toEqual([{ kind: 'membership', user: 'ann', room: lobby.id }]);
  });
});
