import { sql } from 'kysely';
import type { FoundRoom, Queries, RoomRole } from './room.ts';
import { unreadMentions } from './unread-mentions.ts';

/** A room as one person sees it, with the positions that unread counts are the difference of. */
export type RoomRow = {
  id: string;
  name: string;
  private: number;
  role: RoomRole | null;
  readSeq: number;
  readPosition: number;
  seq: number;
  position: number;
  mentions: number;
  sortName: string;
};

export type AfterRoom = { name: string; id: string };

/** Rooms through one person: public ones and those that they are in. Whatever else exists is not there for them (I5). */
function roomsThrough(db: Queries, user: string) {
  return db
    .selectFrom('rooms')
    .leftJoin('members', (join) => join.onRef('members.room', '=', 'rooms.number').on('members.user', '=', user))
    .where((eb) => eb.or([eb('rooms.private', '=', 0), eb('members.user', 'is not', null)]));
}

export async function findRoomThrough(db: Queries, user: string, id: string): Promise<FoundRoom | undefined> {
  const row = await roomsThrough(db, user)
    .leftJoin('removals', (join) => join.onRef('removals.room', '=', 'rooms.number').on('removals.user', '=', user))
    .select(['rooms.number', 'rooms.id', 'rooms.name', 'rooms.private', 'members.role', 'removals.at as removedAt'])
    .where('rooms.id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { number, name, role, removedAt } = row;
  return { number, id: row.id, name, private: row.private === 1, role, removed: removedAt !== null };
}

/** The same room for someone who holds an invite to it: the invite shows what would otherwise be hidden. */
export async function findInvitedRoom(db: Queries, user: string, number: number): Promise<FoundRoom | undefined> {
  const row = await db
    .selectFrom('rooms')
    .leftJoin('members', (join) => join.onRef('members.room', '=', 'rooms.number').on('members.user', '=', user))
    .leftJoin('removals', (join) => join.onRef('removals.room', '=', 'rooms.number').on('removals.user', '=', user))
    .select(['rooms.id', 'rooms.name', 'rooms.private', 'members.role', 'removals.at as removedAt'])
    .where('rooms.number', '=', number)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    number,
    id: row.id,
    name: row.name,
    private: row.private === 1,
    role: row.role,
    removed: row.removedAt !== null,
  };
}

function summaries(db: Queries, user: string) {
  return roomsThrough(db, user)
    .select(['rooms.id', 'rooms.name', 'rooms.private', 'members.role'])
    .select((eb) => {
      const lastEvent = eb
        .selectFrom('events')
        .whereRef('events.room', '=', 'rooms.number')
        .orderBy('events.seq', 'desc')
        .limit(1);
      const lastRead = lastEvent.whereRef('events.seq', '<=', 'members.readSeq');
      return [
        eb.fn.coalesce('members.readSeq', eb.lit(0)).as('readSeq'),
        eb.fn.coalesce(lastEvent.select('events.seq'), eb.lit(0)).as('seq'),
        eb.fn.coalesce(lastEvent.select('events.position'), eb.lit(0)).as('position'),
        eb.fn.coalesce(lastRead.select('events.position'), eb.lit(0)).as('readPosition'),
        eb.fn.coalesce(unreadMentions(eb as never), eb.lit(0)).as('mentions'),
        sql<string>`lower(rooms.name)`.as('sortName'),
      ];
    });
}

export function findSummary(db: Queries, user: string, id: string): Promise<RoomRow | undefined> {
  return summaries(db, user).where('rooms.id', '=', id).executeTakeFirst();
}

/** By name. What was last on the page before is compared as it is now stored, so nothing is skipped or doubled. */
export function listSummaries(
  db: Queries,
  user: string,
  after: AfterRoom | undefined,
  limit: number,
): Promise<RoomRow[]> {
  let query = summaries(db, user).orderBy('sortName').orderBy('rooms.id').limit(limit);
  if (after !== undefined) {
    query = query.where(sql<boolean>`(lower(rooms.name), rooms.id) > (${after.name}, ${after.id})`);
  }
  return query.execute();
}

export async function insertRoom(
  trx: Queries,
  room: { id: string; name: string; private: boolean; createdAt: number },
): Promise<number> {
  const { number } = await trx
    .insertInto('rooms')
    .values({ ...room, private: room.private ? 1 : 0 })
    .returning('number')
    .executeTakeFirstOrThrow();
  return number;
}

export async function findOldestPublicRoom(db: Queries): Promise<{ number: number; id: string } | undefined> {
  return await db
    .selectFrom('rooms')
    .select(['number', 'id'])
    .where('private', '=', 0)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();
}

export async function hasRooms(db: Queries): Promise<boolean> {
  return (await db.selectFrom('rooms').select('number').limit(1).executeTakeFirst()) !== undefined;
}
