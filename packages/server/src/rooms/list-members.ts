import type { Person } from '@parlour/protocol/events';
import { limits } from '@parlour/protocol/limits';
import type { ListQuery, Page } from '@parlour/protocol/paging';
import type { Member } from '@parlour/protocol/rooms';
import * as v from 'valibot';
import { readCursor, toPage } from '../cursor.ts';
import { findMemberRoom } from './find-room.ts';
import { listMemberRows, type MemberRow } from './member-store.ts';
import type { RoomDeps } from './room.ts';

const key = v.strictTuple([v.number(), v.string(), v.string()]);

/** Who is in a room, for those who are: the owner first, then by name. Throws `room_not_found` or `not_a_member`. */
export async function listMembers(
  { db }: Pick<RoomDeps, 'db'>,
  reader: Person,
  roomId: string,
  { cursor, limit = limits.pageDefault }: ListQuery = {},
): Promise<Page<Member>> {
  const room = await findMemberRoom(db.kysely, reader, roomId);
  const [rank, name, id] = cursor === undefined ? [] : readCursor(key, cursor);
  const after = rank === undefined || name === undefined || id === undefined ? undefined : { rank, name, id };
  const rows = await listMemberRows(db.kysely, room.number, after, limit + 1);
  return toPage(rows, limit, { item: toMember, key: (row) => [row.rank, row.sortName, row.id] });
}

function toMember({ id, name, role, joinedAt }: MemberRow): Member {
  return { id, name, role, joinedAt: new Date(joinedAt).toISOString() };
}
