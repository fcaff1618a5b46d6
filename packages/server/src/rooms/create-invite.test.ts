import type { Room } from '@parlour/protocol/rooms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { addMember } from './add-member.ts';
import { createInvite } from './create-invite.ts';
import { createRoom } from './create-room.ts';
import { joinRoom } from './join-room.ts';

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
});
afterEach(() => house.close());

const invite = (who: Inhabitant, room: Room) => createInvite(house.deps, who, room.id, { expiresIn: 3600, maxUses: 3 });

describe('making an invite', () => {
  it('gives a link that cannot be guessed, and stores no part of it (A2, fault 12)', async () => {
    const made = await invite(ada, lobby);
    expect(made).toEqual({
      id: expect.any(String),
      room: lobby.id,
      createdAt: new Date(house.time.now).toISOString(),
      expiresAt: new Date(house.time.now + 3_600_000).toISOString(),
      maxUses: 3,
      uses: 0,
      code: expect.stringMatching(/^[\w-]{32}$/),
      url: `https://house.example/join/${made.code}`,
    });
    const stored = await house.deps.db.kysely.selectFrom('invites').selectAll().execute();
    expect(JSON.stringify(stored)).not.toContain(made.code);
    expect((await invite(ada, lobby)).code).not.toBe(made.code);
  });

  it('is for every member of a public room, and for members only (fault 19)', async () => {
    await expect(invite(grace, lobby)).rejects.toMatchObject({ code: 'not_a_member' });
    await joinRoom(house.deps, grace.user, lobby.id);
    await expect(invite(grace, lobby)).resolves.toMatchObject({ room: lobby.id });
  });

  it('is for those who look after a private room (I5)', async () => {
    const admin = await house.addPerson('Admin', 'admin');
    await addMember(house.deps, ada, designers.id, 'grace');
    await addMember(house.deps, ada, designers.id, 'admin');
    await expect(invite(ada, designers)).resolves.toMatchObject({ room: designers.id });
    await expect(invite(admin, designers)).resolves.toMatchObject({ room: designers.id });
    await expect(invite(grace, designers)).rejects.toMatchObject({ code: 'forbidden' });
    const linus = await house.addPerson('Linus', 'owner');
    await expect(invite(linus, designers)).rejects.toMatchObject({ code: 'room_not_found' });
  });
});
