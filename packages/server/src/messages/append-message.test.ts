import type { Room } from '@parlour/protocol/rooms';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type House, type Inhabitant, openHouse } from '../../test/open-house.ts';
import { createRoom } from '../rooms/create-room.ts';
import { joinRoom } from '../rooms/join-room.ts';
import { leaveRoom } from '../rooms/leave-room.ts';
import { MessageStore } from './message-store.ts';

let house: House;
let ada: Inhabitant;
let grace: Inhabitant;
let lobby: Room;
let messages: MessageStore;

beforeEach(async () => {
  house = await openHouse();
  [ada, grace] = [await house.addPerson('Ada'), await house.addPerson('Grace')];
  lobby = await createRoom(house.deps, ada.user, { name: 'Lobby', private: false });
  await joinRoom(house.deps, grace.user, lobby.id);
  messages = new MessageStore(house.deps.db);
});
afterEach(() => house.close());

async function append({ user }: Inhabitant, id: string, body = 'Hello', room = lobby.id): Promise<unknown> {
  try {
    const [seq, position, , fresh] = await messages.append([room, user.id, id, body, null, 1, 0, 0, null]);
    return { seq, position, fresh };
  } catch (error) {
    return (error as { code?: string }).code;
  }
}

it('I5: whoever has just written and leaves, writes nothing more', async () => {
  expect(await append(grace, 'first')).toEqual({ seq: 3, position: 1, fresh: true });
  await leaveRoom(house.deps, grace.user, lobby.id);
  expect(await append(grace, 'second')).toBe('not_a_member');
  expect(await append(grace, 'first')).toEqual({ seq: 3, position: 1, fresh: false });
  expect(await append(ada, 'third')).toEqual({ seq: 5, position: 2, fresh: true });
  await joinRoom(house.deps, grace.user, lobby.id);
  expect(await append(grace, 'second')).toEqual({ seq: 7, position: 3, fresh: true });
});

it('I5: a membership that ends by a statement of its own is not trusted either', async () => {
  expect(await append(grace, 'first')).toEqual({ seq: 3, position: 1, fresh: true });
  await house.deps.db.kysely.deleteFrom('members').where('user', '=', grace.user.id).execute();
  expect(await append(grace, 'second')).toBe('not_a_member');
  await house.deps.db.kysely.deleteFrom('rooms').where('id', '=', lobby.id).execute();
  expect(await append(ada, 'third')).toBe('room_not_found');
});

it('I2, I3: repeats beside new messages leave no gap, and another message of that id is refused', async () => {
  const other = await createRoom(house.deps, ada.user, { name: 'Other', private: false });
  const outcomes = await Promise.all([
    append(ada, 'a'),
    append(ada, 'a'),
    append(ada, 'a', 'Bye'),
    append(ada, 'a', 'Hello', other.id),
    append(grace, 'a'),
    append(ada, 'b'),
  ]);
  expect(outcomes).toEqual([
    { seq: 3, position: 1, fresh: true },
    { seq: 3, position: 1, fresh: false },
    'id_conflict',
    'id_conflict',
    { seq: 4, position: 2, fresh: true },
    { seq: 5, position: 3, fresh: true },
  ]);
});

it('I3: the mark of who writes moves with the message, and not with its repeat', async () => {
  await append(ada, 'a');
  await append(grace, 'b');
  await append(ada, 'a');
  const marks = await house.deps.db.kysely.selectFrom('members').select(['user', 'readSeq']).orderBy('user').execute();
  expect(marks).toEqual([
    { user: 'ada', readSeq: 3 },
    { user: 'grace', readSeq: 4 },
  ]);
});

it('I3, P-JOIN-6: a room whose name no database can hold is not found, and those who write beside it are not held up', async () => {
  expect(await Promise.all([append(ada, 'a', 'Hello', 'lob\0by'), append(grace, 'b')])).toEqual([
    'room_not_found',
    { seq: 3, position: 1, fresh: true },
  ]);
});
