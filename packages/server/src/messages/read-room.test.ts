import type { Room } from '@parlour/protocol/rooms';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { createRoom } from '../rooms/create-room.ts';
import { createRefuse } from '../rooms/find-room.ts';
import { joinRoom } from '../rooms/join-room.ts';
import { MessageStore } from './message-store.ts';
import { readRoom } from './read-room.ts';

let house: House;
let ada: Inhabitant;
let grace: Inhabitant;
let lobby: Room;
let noticed: string[];

beforeEach(async () => {
  house = await openHouse();
  [ada, grace] = [await house.addPerson('Ada'), await house.addPerson('Grace')];
  lobby = await createRoom(house.deps, ada.user, { name: 'Lobby', private: false });
  await joinRoom(house.deps, grace.user, lobby.id);
  noticed = [];
});
afterEach(() => house.close());

function read({ user }: Inhabitant, seq: number, room = lobby.id): Promise<number> {
  const { db } = house.deps;
  const deps = { messages: new MessageStore(db), refuse: createRefuse(db.kysely) };
  const noticeUnread = (id: string, where: string) => void noticed.push(`${id} ${where}`);
  return readRoom({ ...deps, noticeUnread }, user, room, seq);
}

/** Changes with every write to what people have read. */
async function readVersion(): Promise<unknown> {
  const { kind, kysely } = house.deps.db;
  const version =
    kind === 'sqlite'
      ? sql`SELECT data_version AS version FROM pragma_data_version`
      : sql`SELECT string_agg(ctid::text, ' ') AS version FROM members`;
  return (await version.execute(kysely)).rows;
}

it('P-READ-1: a mark moves forward and is told to the person’s other sockets; one that moves nothing is neither written nor told', async () => {
  const before = await readVersion();
  expect(await read(ada, 2)).toBe(2);
  expect(noticed).toEqual([`ada ${lobby.id}`]);
  const after = await readVersion();
  expect(after).not.toEqual(before);
  for (const seq of [0, 1, 2, 3]) expect(await read(ada, seq)).toBe(2);
  expect(noticed).toHaveLength(1);
  expect(await readVersion()).toEqual(after);
});

it('P-READ-1: marks that come at once each count, whoever’s they are', async () => {
  const marks = [read(ada, 1), read(ada, 2), read(grace, 2), read(ada, 1)];
  await Promise.all(marks);
  expect(await Promise.all([read(ada, 0), read(grace, 0)])).toEqual([2, 2]);
});

it('I5: only members have a mark, and a stranger’s fails alone', async () => {
  const linus = await house.addPerson('Linus');
  const marks = await Promise.allSettled([read(linus, 1), read(ada, 2), read(ada, 1, 'nowhere'), read(ada, 1, 'a\0b')]);
  expect(marks.map((mark) => (mark.status === 'fulfilled' ? mark.value : mark.reason.code))).toEqual([
    'not_a_member',
    2,
    'room_not_found',
    'room_not_found',
  ]);
});

// SQLite writes one thing after the other anyway.
if (inject('postgres') !== undefined)
  it('P-READ-1: a mark whose place is being written by somebody else holds up none of the others, and is not lost', async () => {
    const { kysely } = house.deps.db;
    const marks = await kysely.transaction().execute(async (trx) => {
      await trx.updateTable('members').set({ readSeq: 1 }).where('user', '=', 'ada').execute();
      const [adas, graces] = [read(ada, 2), read(grace, 2)];
      expect(await graces).toBe(2);
      // Whoever appends messages of both needs both places: neither may be held by somebody who waits for the other.
      await trx.updateTable('members').set({ readSeq: 2 }).where('user', '=', 'grace').execute();
      return [adas];
    });
    expect(await Promise.all(marks)).toEqual([2]);
    expect(await read(ada, 0)).toBe(2);
  });
