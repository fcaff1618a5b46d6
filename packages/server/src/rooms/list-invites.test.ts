import type { Room } from '@parlour/protocol/rooms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { acceptInvite } from './accept-invite.ts';
import { createInvite } from './create-invite.ts';
import { createRoom } from './create-room.ts';
import { joinRoom } from './join-room.ts';
import { listInvites } from './list-invites.ts';
import { revokeInvite } from './revoke-invite.ts';

let house: House;
let ada: Inhabitant;
let grace: Inhabitant;
let linus: Inhabitant;
let lobby: Room;

beforeEach(async () => {
  house = await openHouse();
  ada = await house.addPerson('Ada');
  grace = await house.addPerson('Grace');
  linus = await house.addPerson('Linus');
  lobby = await createRoom(house.deps, ada.user, { name: 'Lobby', private: false });
  await joinRoom(house.deps, grace.user, lobby.id);
});
afterEach(() => house.close());

const invite = async (who: Inhabitant, maxUses: number | null = null) => {
  house.time.now += 1000;
  return createInvite(house.deps, who, lobby.id, { expiresIn: 3600, maxUses });
};
const list = async (who: Inhabitant) => (await listInvites(house.deps, who, lobby.id)).items.map(({ id }) => id);
const revoke = (who: Inhabitant, id: string, room = lobby.id) => revokeInvite(house.deps, who, room, id);

describe('the invites of a room', () => {
  it('are listed newest first, without their codes: all for its owner, their own for others (A2)', async () => {
    const [first, second] = [await invite(ada), await invite(grace)];
    const { items } = await listInvites(house.deps, ada, lobby.id);
    const { code: _code, url: _url, ...shown } = second;
    expect(items[0]).toEqual(shown);
    expect(await list(ada)).toEqual([second.id, first.id]);
    expect(await list(grace)).toEqual([second.id]);
    await expect(list(linus)).rejects.toMatchObject({ code: 'not_a_member' });
  });

  it('are listed page by page, as long as they work (A2)', async () => {
    const made = [await invite(ada), await invite(ada), await invite(ada, 1), await invite(ada)];
    const [oldest, second, usedUp, revoked] = made.map(({ id }) => id);
    await acceptInvite(house.deps, linus.user, made[2]?.code ?? '');
    expect(await list(ada)).toEqual([revoked, second, oldest]);
    expect(await list(ada)).not.toContain(usedUp);
    await revoke(ada, revoked ?? '');
    const page = await listInvites(house.deps, ada, lobby.id, { limit: 1 });
    expect(page.items.map(({ id }) => id)).toEqual([second]);
    const next = await listInvites(house.deps, ada, lobby.id, { limit: 1, cursor: page.next ?? '' });
    expect(next).toMatchObject({ items: [{ id: oldest }], next: null });
    house.time.now += 3_600_000;
    expect(await list(ada)).toEqual([]);
  });

  it('are taken back by their maker or the owner of the room, and found by no one else (A2, fault 2)', async () => {
    const [adas, graces, gracesToo] = [await invite(ada), await invite(grace), await invite(grace)];
    await joinRoom(house.deps, linus.user, lobby.id);
    await expect(revoke(linus, adas.id)).rejects.toMatchObject({ code: 'invite_not_found' });
    await expect(revoke(grace, adas.id)).rejects.toMatchObject({ code: 'invite_not_found' });
    await revoke(grace, graces.id);
    await revoke(ada, gracesToo.id);
    await revoke(ada, gracesToo.id);
    expect(await list(ada)).toEqual([adas.id]);
  });

  it('are found through their own room only (I5, fault 4)', async () => {
    const { id } = await invite(ada);
    const graces = await createRoom(house.deps, grace.user, { name: 'Hers', private: true });
    await expect(revoke(grace, id, graces.id)).rejects.toMatchObject({ code: 'invite_not_found' });
    await expect(revoke(ada, id, graces.id)).rejects.toMatchObject({ code: 'room_not_found' });
    await expect(revoke(ada, 'unknown')).rejects.toMatchObject({ code: 'invite_not_found' });
    expect(await list(ada)).toEqual([id]);
  });
});
