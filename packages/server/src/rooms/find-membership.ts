import type { Database } from '../database/database.ts';
import { compileRoomsOf, type JoinedRoomRow } from './member-store.ts';
import type { Queries, RoomRole } from './room.ts';
import { findRoomThrough } from './room-store.ts';

/** The membership as it is now; undefined for those who are not in the room, whatever the room. */
export async function findMembership(
  db: Queries,
  userId: string,
  roomId: string,
): Promise<{ number: number; id: string; role: RoomRole } | undefined> {
  const room = await findRoomThrough(db, userId, roomId);
  if (room === undefined || room.role === null) return undefined;
  return { number: room.number, id: room.id, role: room.role };
}

/** Finds every room that a person is in. */
export function createRoomsOf(db: Database): (userId: string) => Promise<JoinedRoomRow[]> {
  return compileRoomsOf(db);
}
