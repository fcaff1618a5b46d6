import type { Room } from '@parlour/protocol/rooms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { createRoom } from './create-room.ts';
import { joinRoom } from './join-room.ts';
import { leaveRoom } from './leave-room.ts';
import { listRooms, showRoom } from './list-rooms.ts';

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
  designers = await createRoom(house.deps, ada.user, { name: 'designers', private: true });
});
afterEach(() => house.close());

/** As a send stores it. */
async function say(id: string): Promise<void> {
  const { kysely } = house.deps.db;
  const { number } = await kysely.selectFrom('rooms').select('number').where('id', '=', id).executeTakeFirstOrThrow();
  const head = await kysely.selectFrom('events').selectAll().where('room', '=', number).execute();
  const seq = head.length + 1;
  const position = head.filter((event) => event.kind === 'message').length + 1;
  const message = { kind: 'message' as const, id: `m${seq}`, author: 'ada', at: 1, body: 'hello', data: null };
  await kysely
    .insertInto('events')
    .values({ room: number, seq, position, ...message })
    .execute();
}

describe('the list of rooms', () => {
  it('holds public rooms and one’s own private ones, and no other (I5, fault 1)', async () => {
    const names = async (who: Inhabitant) => (await listRooms(house.deps, who.user)).items.map((room) => room.name);
    expect(await names(ada)).toEqual(['designers', 'Lobby']);
    expect(await names(grace)).toEqual(['Lobby']);
    await expect(showRoom(house.deps, ada.user, designers.id)).resolves.toMatchObject({ name: 'designers' });
    await expect(showRoom(house.deps, grace.user, designers.id)).rejects.toMatchObject({ code: 'room_not_found' });
  });

  it('counts as unread the messages after the last event read, and no comings and goings', async () => {
    await say(lobby.id);
    await joinRoom(house.deps, grace.user, lobby.id);
    const lobbyFor = (who: Inhabitant) => showRoom(house.deps, who.user, lobby.id);
    expect(await lobbyFor(grace)).toMatchObject({ seq: 3, readSeq: 3, unread: 0 });
    await say(lobby.id);
    await say(lobby.id);
    const linus = await house.addPerson('Linus');
    await joinRoom(house.deps, linus.user, lobby.id);
    expect(await lobbyFor(grace)).toMatchObject({ seq: 6, readSeq: 3, unread: 2 });
    expect(await lobbyFor(ada)).toMatchObject({ readSeq: 1, unread: 3 });
    await leaveRoom(house.deps, grace.user, lobby.id);
    expect(await lobbyFor(grace)).toMatchObject({ member: false, role: null, readSeq: 0, unread: 0, seq: 7 });
  });

  it('comes in pages whose cursor survives what comes and goes in between', async () => {
    for (const name of ['Zoo', 'alpha', 'Beta']) await createRoom(house.deps, ada.user, { name, private: false });
    const first = await listRooms(house.deps, ada.user, { limit: 2 });
    expect(first.items.map((room) => room.name)).toEqual(['alpha', 'Beta']);
    await createRoom(house.deps, ada.user, { name: 'Aardvark', private: false });
    const rest = await listRooms(house.deps, ada.user, { cursor: first.next ?? '', limit: 100 });
    expect(rest.items.map((room) => room.name)).toEqual(['designers', 'Lobby', 'Zoo']);
    expect(rest.next).toBeNull();
  });

  it('refuses a cursor that it did not give (fault 4)', async () => {
    for (const cursor of ['', 'x', 'W10', Buffer.from('["a",1]').toString('base64url')]) {
      await expect(listRooms(house.deps, ada.user, { cursor })).rejects.toMatchObject({ code: 'invalid_field' });
    }
  });
});
