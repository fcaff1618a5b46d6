import type { Person } from '@parlour/protocol/events';
import { limits } from '@parlour/protocol/limits';
import type { ListQuery, Page } from '@parlour/protocol/paging';
import type { Room } from '@parlour/protocol/rooms';
import * as v from 'valibot';
import { readCursor, toPage } from '../cursor.ts';
import type { RoomDeps } from './room.ts';
import { noSuchRoom } from './room-refusals.ts';
import { findSummary, listSummaries, type RoomRow } from './room-store.ts';

type Deps = Pick<RoomDeps, 'db'>;
const key = v.strictTuple([v.string(), v.string()]);

/** Every room that the person may see, by name: the public ones, and the private ones that they are in. */
export async function listRooms(
  { db }: Deps,
  person: Person,
  { cursor, limit = limits.roomPage }: ListQuery = {},
): Promise<Page<Room>> {
  const [name, id] = cursor === undefined ? [] : readCursor(key, cursor);
  const after = name === undefined || id === undefined ? undefined : { name, id };
  const rows = await listSummaries(db.kysely, person.id, after, limit + 1);
  return toPage(rows, limit, { item: toRoom, key: (row) => [row.sortName, row.id] });
}

/** One room as the person sees it. Throws `room_not_found`. */
export async function showRoom({ db }: Deps, person: Person, id: string): Promise<Room> {
  const row = await findSummary(db.kysely, person.id, id);
  if (row === undefined) throw noSuchRoom();
  return toRoom(row);
}

function toRoom(row: RoomRow): Room {
  const member = row.role !== null;
  return {
    id: row.id,
    name: row.name,
    private: row.private === 1,
    member,
    role: row.role,
    seq: row.seq,
    unread: member ? Math.max(0, row.position - row.readPosition) : 0,
    mentions: row.mentions,
    readSeq: row.readSeq,
  };
}
