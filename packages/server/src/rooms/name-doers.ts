import type { RoomEvent } from '@parlour/protocol/events';
import type { Queries } from './room.ts';

/** An event notes by whom it was done with the name of that day. Shown is the present one, or that the account is gone. */
export async function nameDoers(db: Queries, events: RoomEvent[]): Promise<RoomEvent[]> {
  const doers = new Set(events.flatMap((event) => (event.event === 'member' && event.by ? [event.by.id] : [])));
  if (doers.size === 0) return events;
  const rows = await db
    .selectFrom('user')
    .select(['id', 'name'])
    .where('id', 'in', [...doers])
    .execute();
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return events.map((event) => {
    if (event.event !== 'member' || event.by === undefined) return event;
    return { ...event, by: { id: event.by.id, name: names.get(event.by.id) ?? 'Former member' } };
  });
}
