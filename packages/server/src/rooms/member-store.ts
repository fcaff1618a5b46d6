import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Queries, RoomRole } from './room.ts';

/** How a person stands to a room: in it, taken out of it, or neither. */
export type Standing = { name: string; role: RoomRole | null; joinedAt: number | null; removed: boolean };

export type MemberRow = { id: string; name: string; role: RoomRole; joinedAt: number; rank: number; sortName: string };
export type AfterMember = { rank: number; name: string; id: string };

/** Undefined when there is no such person. */
export async function findStanding(db: Queries, room: number, user: string): Promise<Standing | undefined> {
  const row = await db
    .selectFrom('user')
    .leftJoin('members', (join) => join.onRef('members.user', '=', 'user.id').on('members.room', '=', room))
    .leftJoin('removals', (join) => join.onRef('removals.user', '=', 'user.id').on('removals.room', '=', room))
    .select(['user.name', 'members.role', 'members.joinedAt', 'removals.at as removedAt'])
    .where('user.id', '=', user)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { name, role, joinedAt, removedAt } = row;
  return { name, role, joinedAt, removed: removedAt !== null };
}

export async function insertMember(
  trx: Queries,
  member: { room: number; user: string; role: RoomRole; joinedAt: number; readSeq: number },
): Promise<void> {
  await trx.insertInto('members').values(member).execute();
}

export async function deleteMember(trx: Queries, room: number, user: string): Promise<void> {
  await trx.deleteFrom('members').where('room', '=', room).where('user', '=', user).execute();
}

export async function makeLongestMemberOwner(trx: Queries, room: number): Promise<void> {
  await trx
    .updateTable('members')
    .set({ role: 'owner' })
    .where('room', '=', room)
    .where('user', '=', (eb) =>
      eb
        .selectFrom('members as longest')
        .select('longest.user')
        .where('longest.room', '=', room)
        .orderBy('longest.joinedAt')
        .orderBy('longest.user')
        .limit(1),
    )
    .execute();
}

export async function insertRemoval(
  trx: Queries,
  removal: { room: number; user: string; by: string; at: number },
): Promise<void> {
  await trx
    .insertInto('removals')
    .values(removal)
    .onConflict((oc) => oc.doNothing())
    .execute();
}

export async function deleteRemoval(trx: Queries, room: number, user: string): Promise<void> {
  await trx.deleteFrom('removals').where('room', '=', room).where('user', '=', user).execute();
}

/** The owner first, then by name. */
export function listMemberRows(
  db: Queries,
  room: number,
  after: AfterMember | undefined,
  limit: number,
): Promise<MemberRow[]> {
  const rank = sql<number>`case members.role when 'owner' then 0 else 1 end`;
  const sortName = sql<string>`lower("user".name)`;
  let query = db
    .selectFrom('members')
    .innerJoin('user', 'user.id', 'members.user')
    .select(['user.id', 'user.name', 'members.role', 'members.joinedAt', rank.as('rank'), sortName.as('sortName')])
    .where('members.room', '=', room)
    .orderBy('rank')
    .orderBy('sortName')
    .orderBy('user.id')
    .limit(limit);
  if (after !== undefined) {
    query = query.where(sql<boolean>`(${rank}, ${sortName}, "user".id) > (${after.rank}, ${after.name}, ${after.id})`);
  }
  return query.execute();
}

export type JoinedRoomRow = { number: number; id: string; role: RoomRole };

export function listRoomsOf(db: Queries, user: string): Promise<JoinedRoomRow[]> {
  return selectRoomsOf(db, user).execute();
}

/** The same, compiled once: everybody's are asked for when everybody comes. */
export function compileRoomsOf({ kysely, read }: Database): (user: string) => Promise<JoinedRoomRow[]> {
  const query = selectRoomsOf(kysely, '').compile();
  return (user) => read(query, [user]);
}

function selectRoomsOf(db: Queries, user: string) {
  return db
    .selectFrom('members')
    .innerJoin('rooms', 'rooms.number', 'members.room')
    .select(['rooms.number', 'rooms.id', 'members.role'])
    .where('members.user', '=', user);
}

export async function deleteMentionsOf(trx: Queries, user: string): Promise<void> {
  await trx.deleteFrom('mentions').where('user', '=', user).execute();
}
