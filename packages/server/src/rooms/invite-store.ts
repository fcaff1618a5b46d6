import { sql } from 'kysely';
import type { FoundInvite } from './invite.ts';
import type { Queries } from './room.ts';

export type NewInviteRow = {
  id: string;
  room: number;
  codeHash: string;
  createdBy: string;
  createdAt: number;
  expiresAt: number;
  maxUses: number | null;
};
export type InviteRow = Omit<NewInviteRow, 'room' | 'codeHash' | 'createdBy'> & { uses: number };
export type BeforeInvite = { createdAt: number; id: string };

export async function insertInvite(trx: Queries, invite: NewInviteRow): Promise<void> {
  await trx
    .insertInto('invites')
    .values({ ...invite, uses: 0, revokedAt: null })
    .execute();
}

export async function findInviteByHash(db: Queries, codeHash: string): Promise<FoundInvite | undefined> {
  const row = await db
    .selectFrom('invites')
    .innerJoin('rooms', 'rooms.number', 'invites.room')
    .leftJoin('user', 'user.id', 'invites.createdBy')
    .select(['invites.id', 'invites.room', 'rooms.name as roomName', 'user.id as byId', 'user.name as byName'])
    .select(['invites.expiresAt', 'invites.maxUses', 'invites.uses', 'invites.revokedAt'])
    .where('invites.codeHash', '=', codeHash)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const { byId, byName, ...invite } = row;
  return { ...invite, by: byId === null || byName === null ? undefined : { id: byId, name: byName } };
}

export async function hasUsed(db: Queries, invite: string, user: string): Promise<boolean> {
  const use = await db
    .selectFrom('inviteUses')
    .select('usedAt')
    .where('invite', '=', invite)
    .where('user', '=', user)
    .executeTakeFirst();
  return use !== undefined;
}

/** Whether the row is new: one person's use of one invite is one row, however often they come. */
export async function insertUse(trx: Queries, use: { invite: string; user: string; usedAt: number }): Promise<boolean> {
  const result = await trx
    .insertInto('inviteUses')
    .values(use)
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Counts one use, if there is one left. One statement, so that two people never share the last one. */
export async function countUse(trx: Queries, invite: string, now: number): Promise<boolean> {
  const result = await trx
    .updateTable('invites')
    .set((eb) => ({ uses: eb('uses', '+', 1) }))
    .where('id', '=', invite)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', now)
    .where((eb) => eb.or([eb('maxUses', 'is', null), eb('uses', '<', eb.ref('maxUses'))]))
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Those that still work, newest first; of one maker, or all of the room. */
export function listOpenInvites(
  db: Queries,
  { room, maker, now }: { room: number; maker: string | undefined; now: number },
  before: BeforeInvite | undefined,
  limit: number,
): Promise<InviteRow[]> {
  let query = db
    .selectFrom('invites')
    .select(['id', 'createdAt', 'expiresAt', 'maxUses', 'uses'])
    .where('room', '=', room)
    .where('revokedAt', 'is', null)
    .where('expiresAt', '>', now)
    .where((eb) => eb.or([eb('maxUses', 'is', null), eb('uses', '<', eb.ref('maxUses'))]))
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (maker !== undefined) query = query.where('createdBy', '=', maker);
  if (before !== undefined) query = query.where(sql<boolean>`("createdAt", id) < (${before.createdAt}, ${before.id})`);
  return query.execute();
}

/** Whether there is such an invite. One that is revoked already keeps its moment. */
export async function revokeInviteRow(
  trx: Queries,
  { id, room, maker, now }: { id: string; room: number; maker: string | undefined; now: number },
): Promise<boolean> {
  let query = trx
    .updateTable('invites')
    .set((eb) => ({ revokedAt: eb.fn.coalesce('revokedAt', eb.val(now)) }))
    .where('id', '=', id)
    .where('room', '=', room);
  if (maker !== undefined) query = query.where('createdBy', '=', maker);
  return (await query.executeTakeFirst()).numUpdatedRows === 1n;
}

export async function revokeEveryInviteOf(trx: Queries, maker: string, now: number): Promise<void> {
  await trx
    .updateTable('invites')
    .set({ revokedAt: now })
    .where('createdBy', '=', maker)
    .where('revokedAt', 'is', null)
    .execute();
}

export async function revokeInvitesOf(trx: Queries, room: number, maker: string, now: number): Promise<void> {
  await trx
    .updateTable('invites')
    .set({ revokedAt: now })
    .where('room', '=', room)
    .where('createdBy', '=', maker)
    .where('revokedAt', 'is', null)
    .execute();
}
