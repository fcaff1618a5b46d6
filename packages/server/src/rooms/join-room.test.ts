import type { Room } from '@parlour/protocol/rooms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse, publishedSeqs } from '../../test/open-house.ts';
import { addMember } from './add-member.ts';
import { createRoom } from './create-room.ts';
import { joinRoom } from './join-room.ts';
import { leaveRoom } from './leave-room.ts';
import { removeMember } from './remove-member.ts';

let house: House;
let ada: Inhabitant;
let grace: Inhabitant;
let lobby: Room;
let designers: Room;

beforeEach(async () => {
  house = await openHouse();
  ada = await house.addPerson('Ada');
  grace = await house.addPerson('Grace');
  lobby = await createRoom(house.deps, ada.user, { name: 'Lobby', private: false });
  designers = await createRoom(house.deps, ada.user, { name: 'Designers', private: true });
  house.published.length = 0;
});
afterEach(() => house.close());

const join = (who: Inhabitant, room: string) => joinRoom(house.deps, who.user, room);
const problemOf = (doing: Promise<unknown>) =>
  doing.then(
    () => 'done',
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );

describe('joining a room', () => {
  it('appends one event, from which reading starts (A3, I2)', async () => {
    const room = await join(grace, lobby.id);
    expect(room).toMatchObject({ member: true, role: 'member', seq: 2, readSeq: 2, unread: 0 });
    expect(house.published).toEqual([expect.objectContaining({ seq: 2, change: 'joined', user: grace.user })]);
  });

  it('changes nothing the second time, however many come at once (fault 13)', async () => {
    const joined = await Promise.all([1, 2, 3].map(() => join(grace, lobby.id)));
    expect(joined.map((room) => room.readSeq)).toEqual([2, 2, 2]);
    expect(house.published).toHaveLength(1);
  });

  it('numbers the events of many who come at once without a gap (I2)', async () => {
    const people = await Promise.all(Array.from({ length: 20 }, (_, i) => house.addPerson(`Guest${i}`)));
    await Promise.all(people.map((person) => join(person, lobby.id)));
    expect(publishedSeqs(house)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
  });

  it('refuses a private room and one that does not exist with the same words (I5, fault 1)', async () => {
    await addMember(house.deps, ada, designers.id, 'grace');
    expect(await join(grace, designers.id)).toMatchObject({ id: designers.id, member: true });
    const linus = await house.addPerson('Linus');
    const hidden = await problemOf(join(linus, designers.id));
    expect(hidden).toMatch(/^room_not_found/);
    expect(await problemOf(join(linus, 'nowhere'))).toBe(hidden);
  });

  it('refuses whoever was removed, until they are added back', async () => {
    await join(grace, lobby.id);
    await removeMember(house.deps, ada, lobby.id, 'grace');
    expect(await problemOf(join(grace, lobby.id))).toMatch(/^removed_from_room/);
    await addMember(house.deps, ada, lobby.id, 'grace');
    await leaveRoom(house.deps, grace.user, lobby.id);
    expect(await join(grace, lobby.id)).toMatchObject({ member: true });
  });
});
