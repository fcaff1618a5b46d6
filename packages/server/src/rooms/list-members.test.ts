import type { Room } from '@parlour/protocol/rooms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { createRoom } from './create-room.ts';
import { joinRoom } from './join-room.ts';
import { listMembers } from './list-members.ts';

let house: House;
let zoe: Inhabitant;
let lobby: Room;

beforeEach(async () => {
  house = await openHouse();
  zoe = await house.addPerson('Zoe');
  lobby = await createRoom(house.deps, zoe.user, { name: 'Lobby', private: false });
  for (const name of ['linus', 'Grace', 'Joanna', 'Ann']) {
    await joinRoom(house.deps, (await house.addPerson(name)).user, lobby.id);
  }
});
afterEach(() => house.close());

describe('the members of a room', () => {
  it('come with the owner first, then by name, page by page (A3)', async () => {
    const first = await listMembers(house.deps, zoe.user, lobby.id, { limit: 3 });
    expect(first.items.map(({ name }) => name)).toEqual(['Zoe', 'Ann', 'Grace']);
    const second = await listMembers(house.deps, zoe.user, lobby.id, { limit: 3, cursor: first.next ?? '' });
    expect(second.items.map(({ name }) => name)).toEqual(['Joanna', 'linus']);
    expect(second.next).toBeNull();
  });

  it('are shown without their addresses (fault 3)', async () => {
    const { items } = await listMembers(house.deps, zoe.user, lobby.id);
    expect(Object.keys(items[0] ?? {}).sort()).toEqual(['id', 'joinedAt', 'name', 'role']);
    expect(JSON.stringify(items)).not.toContain('@');
  });

  it('are shown to members only (I5)', async () => {
    const stranger = await house.addPerson('Stranger');
    expect((await listMembers(house.deps, zoe.user, lobby.id)).items).toHaveLength(5);
    await expect(listMembers(house.deps, stranger.user, lobby.id)).rejects.toMatchObject({ code: 'not_a_member' });
    await expect(listMembers(house.deps, stranger.user, 'nowhere')).rejects.toMatchObject({ code: 'room_not_found' });
  });
});
