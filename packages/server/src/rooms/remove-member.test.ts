import type { Room } from '@parlour/protocol/rooms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { acceptInvite } from './accept-invite.ts';
import { createInvite } from './create-invite.ts';
import { createRoom } from './create-room.ts';
import { joinRoom } from './join-room.ts';
import { listMembers } from './list-members.ts';
import { removeMember } from './remove-member.ts';

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
  await joinRoom(house.deps, ann.user, lobby.id);
  await joinRoom(house.deps, joanna.user, lobby.id);
  house.published.length = 0;
});
afterEach(() => house.close());

const remove = (actor: Inhabitant, user: string, room = lobby.id) => removeMember(house.deps, actor, room, user);
const members = async () => (await listMembers(house.deps, ada.user, lobby.id)).items.map(({ name }) => name);

describe('removing a member', () => {
  it('takes out exactly the one who was named, and tells by whom (fault 17, I2)', async () => {
    await remove(ada, 'ann');
    expect(await members()).toEqual(['Ada', 'Joanna']);
    expect(house.published).toEqual([
      expect.objectContaining({ seq: 4, change: 'removed', user: ann.user, by: ada.user }),
    ]);
    const log = await house.deps.db.kysely.selectFrom('revocations').select(['kind', 'user', 'room']).execute();
    expect(log).toEqual([{ kind: 'membership', user: 'ann', room: lobby.id }]);
  });

  it('changes nothing the second time, and does not know people who were never there', async () => {
    await remove(ada, 'ann');
    await remove(ada, 'ann');
    expect(house.published).toHaveLength(1);
    await house.addPerson('Linus');
    await expect(remove(ada, 'linus')).rejects.toMatchObject({ code: 'person_not_found' });
    await expect(remove(ada, 'nobody')).rejects.toMatchObject({ code: 'person_not_found' });
  });

  it('is for the owner of the room and the admins of the house, and for no other member (fault 2)', async () => {
    const admin = await house.addPerson('Admin', 'admin');
    const linus = await house.addPerson('Linus');
    await remove(admin, 'joanna');
    expect(await members()).toEqual(['Ada', 'Ann']);
    await expect(remove(ann, 'ada')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(remove(linus, 'ann')).rejects.toMatchObject({ code: 'not_a_member' });
    expect(await members()).toEqual(['Ada', 'Ann']);
  });

  it('stops at rooms that an admin does not see (I5)', async () => {
    const admin = await house.addPerson('Admin', 'admin');
    const designers = await createRoom(house.deps, ada.user, { name: 'Designers', private: true });
    await joinRoom(house.deps, admin.user, lobby.id);
    await remove(admin, 'ann');
    await expect(remove(admin, 'ada', designers.id)).rejects.toMatchObject({ code: 'room_not_found' });
  });

  it('lets only the owner of the house take out the owner of a room, who passes it on', async () => {
    const admin = await house.addPerson('Admin', 'admin');
    const owner = await house.addPerson('Owner', 'owner');
    await expect(remove(admin, 'ada')).rejects.toMatchObject({ code: 'forbidden' });
    await remove(owner, 'ada');
    const { items } = await listMembers(house.deps, ann.user, lobby.id);
    expect(items.map(({ name, role }) => `${name} ${role}`)).toEqual(['Ann owner', 'Joanna member']);
  });

  it('is leaving where one removes oneself', async () => {
    await remove(ann, 'ann');
    expect(house.published).toEqual([expect.objectContaining({ change: 'left', user: ann.user })]);
    expect(await joinRoom(house.deps, ann.user, lobby.id)).toMatchObject({ member: true });
  });

  it('ends the invites of who was removed, so that they do not come back under another name (A2)', async () => {
    const terms = { expiresIn: 3600, maxUses: null };
    const anns = await createInvite(house.deps, ann, lobby.id, terms);
    const adas = await createInvite(house.deps, ada, lobby.id, terms);
    const linus = await house.addPerson('Linus');
    const ghost = await house.addPerson('Ghost');
    await acceptInvite(house.deps, linus.user, anns.code);
    await remove(ada, 'ann');
    await expect(acceptInvite(house.deps, ghost.user, anns.code)).rejects.toMatchObject({ code: 'invite_revoked' });
    await acceptInvite(house.deps, ghost.user, adas.code);
    expect(await members()).toEqual(['Ada', 'Ghost', 'Joanna', 'Linus']);
  });
});
