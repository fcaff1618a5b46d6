import type { Room } from '@parlour/protocol/rooms';
import type { KyselyPlugin } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { createRoom } from './create-room.ts';
import { createRefuse, findManagedRoom, findMemberRoom, findRoom } from './find-room.ts';
import { joinRoom } from './join-room.ts';
import type { Queries } from './room.ts';

let house: House;
let db: Queries;
let ada: Inhabitant;
let grace: Inhabitant;
let lobby: Room;
let designers: Room;

beforeEach(async () => {
  house = await openHouse();
  db = house.deps.db.kysely;
  ada = await house.addPerson('Ada');
  grace = await house.addPerson('Grace');
  lobby = await createRoom(house.deps, ada.user, { name: 'Lobby', private: false });
  designers = await createRoom(house.deps, ada.user, { name: 'Designers', private: true });
});
afterEach(() => house.close());

/** Counts queries, and waits for none of them. */
function counting(): { db: Queries; count(): number } {
  let queries = 0;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      queries += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return { db: db.withPlugin(plugin), count: () => queries };
}

describe('finding a room', () => {
  it('goes through the person: a member’s, or a public one (I5)', async () => {
    expect(await findRoom(db, ada.user, designers.id)).toMatchObject({
      id: designers.id,
      private: true,
      role: 'owner',
    });
    expect(await findRoom(db, grace.user, lobby.id)).toMatchObject({ id: lobby.id, role: null, removed: false });
    await expect(findRoom(db, grace.user, designers.id)).rejects.toMatchObject({ code: 'room_not_found' });
  });

  it('asks the same one query for a hidden room as for none, and says the same (I5)', async () => {
    const answers = [];
    for (const id of [designers.id, 'nowhere']) {
      const { db: counted, count } = counting();
      const error = await findRoom(counted, grace.user, id).catch((refusal: unknown) => refusal);
      answers.push({ queries: count(), refusal: JSON.stringify(error), message: String(error) });
    }
    expect(answers[0]).toMatchObject({ queries: 1, message: expect.stringContaining('There is no such room') });
    expect(answers[1]).toEqual(answers[0]);
  });

  it('to read and write it is for members only (I5, fault 19)', async () => {
    expect(await findMemberRoom(db, ada.user, lobby.id)).toMatchObject({ role: 'owner' });
    await expect(findMemberRoom(db, grace.user, lobby.id)).rejects.toMatchObject({ code: 'not_a_member' });
    await expect(findMemberRoom(db, grace.user, designers.id)).rejects.toMatchObject({ code: 'room_not_found' });
    const refuse = createRefuse(db);
    expect(await refuse(grace.user, lobby.id)).toMatchObject({ code: 'not_a_member' });
    expect(await refuse(grace.user, designers.id)).toMatchObject({ code: 'room_not_found' });
  });

  it('to look after it is for its owner and for admins who see it', async () => {
    const admin = await house.addPerson('Admin', 'admin');
    expect(await findManagedRoom(db, ada, lobby.id)).toMatchObject({ id: lobby.id });
    expect(await findManagedRoom(db, admin, lobby.id)).toMatchObject({ id: lobby.id });
    await expect(findManagedRoom(db, admin, designers.id)).rejects.toMatchObject({ code: 'room_not_found' });
    await expect(findManagedRoom(db, grace, lobby.id)).rejects.toMatchObject({ code: 'not_a_member' });
    await joinRoom(house.deps, grace.user, lobby.id);
    await expect(findManagedRoom(db, grace, lobby.id)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
