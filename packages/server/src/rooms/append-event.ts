import type { MemberChange, MemberEvent, Person } from '@parlour/protocol/events';
import type { Queries } from './room.ts';

export type NewMemberEvent = {
  room: number;
  roomId: string;
  /** Whom the event is about. */
  user: Person;
  change: MemberChange;
  /** Who did it, where that was somebody else. */
  by?: Person | undefined;
  at: number;
};

/** A stored event of the kind `member`, with the present name of whom it is about (null when the account is gone). */
export type MemberEventRow = { seq: number; at: number; author: string; name: string | null; data: string | null };

/**
 * Appends to a room inside the caller's transaction, which holds the room (see holdRoom), so that the number after the
 * last one is free. It is no message, so the room's position stays.
 */
export async function appendMemberEvent(trx: Queries, event: NewMemberEvent): Promise<MemberEvent> {
  const { room, roomId, user, change, by, at } = event;
  await holdRoom(trx, room);
  const head = await trx
    .selectFrom('events')
    .select(['seq', 'position'])
    .where('room', '=', room)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const seq = (head?.seq ?? 0) + 1;
  const data = JSON.stringify({ change, by });
  await trx
    .insertInto('events')
    .values({
      room,
      seq,
      position: head?.position ?? 0,
      kind: 'member',
      id: null,
      author: user.id,
      at,
      body: null,
      data,
    })
    .execute();
  return toMemberEvent(roomId, { seq, at, author: user.id, name: user.name, data });
}

/**
 * Keeps messages of other nodes out of the room until the transaction ends: a write that changes nothing. To be called before
 * anything of the room's members is changed, since those who append hold the room first and its members then.
 */
export async function holdRoom(trx: Queries, room: number): Promise<void> {
  await trx
    .updateTable('rooms')
    .set((eb) => ({ createdAt: eb.ref('createdAt') }))
    .where('number', '=', room)
    .execute();
}

export function toMemberEvent(room: string, { seq, at, author, name, data }: MemberEventRow): MemberEvent {
  const { change, by } = JSON.parse(data ?? '{}') as { change: MemberChange; by?: Person };
  const user = { id: author, name: name ?? 'Former member' };
  const event: MemberEvent = { room, seq, event: 'member', at: new Date(at).toISOString(), change, user };
  return by === undefined ? event : { ...event, by };
}
