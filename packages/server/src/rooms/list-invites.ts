import type { Invite } from '@parlour/protocol/invites';
import { limits } from '@parlour/protocol/limits';
import type { ListQuery, Page } from '@parlour/protocol/paging';
import * as v from 'valibot';
import { readCursor, toPage } from '../cursor.ts';
import { findMemberRoom } from './find-room.ts';
import { type InviteRow, listOpenInvites } from './invite-store.ts';
import { type Actor, canManage, type RoomDeps } from './room.ts';

const key = v.strictTuple([v.number(), v.string()]);

/**
 * The invites to a room that still work, newest first: all of them for those who look after the room, their own for
 * other members. Throws `room_not_found` or `not_a_member`.
 */
export async function listInvites(
  { db, clock }: Pick<RoomDeps, 'db' | 'clock'>,
  actor: Actor,
  roomId: string,
  { cursor, limit = limits.pageDefault }: ListQuery = {},
): Promise<Page<Invite>> {
  const room = await findMemberRoom(db.kysely, actor.user, roomId);
  const maker = canManage(actor, room) ? undefined : actor.user.id;
  const [createdAt, id] = cursor === undefined ? [] : readCursor(key, cursor);
  const before = createdAt === undefined || id === undefined ? undefined : { createdAt, id };
  const rows = await listOpenInvites(db.kysely, { room: room.number, maker, now: clock.now() }, before, limit + 1);
  return toPage(rows, limit, { item: (row) => toInvite(room.id, row), key: (row) => [row.createdAt, row.id] });
}

function toInvite(room: string, { id, createdAt, expiresAt, maxUses, uses }: InviteRow): Invite {
  return {
    id,
    room,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    maxUses,
    uses,
  };
}
