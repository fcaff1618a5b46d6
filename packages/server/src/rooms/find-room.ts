import { ParlourError } from '@parlour/protocol/errors';
import type { Person } from '@parlour/protocol/events';
import { type Actor, canManage, type FoundRoom, type MemberRoom, type Queries } from './room.ts';
import { noSuchRoom, notAMember } from './room-refusals.ts';
import { findRoomThrough } from './room-store.ts';

/** Why a person may not read or write a room, for those who found that out by a query of their own. */
export type Refuse = (person: Person, room: string) => Promise<ParlourError>;

/**
 * Finds a room through a person: a public one, or one that they are in. For a private one that they are not in, and for
 * one that does not exist, the same single query ends in the same refusal. Throws `room_not_found`.
 */
export async function findRoom(db: Queries, person: Person, id: string): Promise<FoundRoom> {
  const room = await findRoomThrough(db, person.id, id);
  if (room === undefined) throw noSuchRoom();
  return room;
}

/** For what only members may. Throws `room_not_found` or `not_a_member`. */
export async function findMemberRoom(db: Queries, person: Person, id: string): Promise<MemberRoom> {
  const room = await findRoom(db, person, id);
  if (!isMemberRoom(room)) throw notAMember();
  return room;
}

/** For what only those who look after the room may. Throws `room_not_found`, `not_a_member` or `forbidden`. */
export async function findManagedRoom(db: Queries, actor: Actor, id: string): Promise<FoundRoom> {
  const room = await findRoom(db, actor.user, id);
  if (canManage(actor, room)) return room;
  if (room.role === null) throw notAMember();
  throw new ParlourError('forbidden', 'Only the owner of the room or an admin may do that.');
}

export function createRefuse(db: Queries): Refuse {
  return async (person, id) => {
    const room = await findRoomThrough(db, person.id, id);
    return room === undefined ? noSuchRoom() : notAMember();
  };
}

function isMemberRoom(room: FoundRoom): room is MemberRoom {
  return room.role !== null;
}
