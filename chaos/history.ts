import type { House } from './house.ts';

export type StoredEvent = {
  room: string;
  seq: number;
  kind: string;
  id: string | null;
  author: string;
  at: number;
  body: string | null;
  data: string | null;
};

/** What the database has of every room, in order. */
export async function readHistory(house: House): Promise<Map<string, StoredEvent[]>> {
  const rows = await house.sql<StoredEvent>(
    `SELECT rooms.id AS room, events.seq::int, kind, events.id, author, at::float8, body, data
     FROM rooms JOIN events ON events.room = rooms.number ORDER BY events.room, events.seq`,
  );
  return Map.groupBy(rows, ({ room }) => room) as Map<string, StoredEvent[]>;
}

export async function readHeads(house: House): Promise<Map<string, number>> {
  const rows = await house.sql<{ room: string; head: number }>(
    'SELECT rooms.id AS room, max(seq)::int AS head FROM rooms JOIN events ON events.room = rooms.number GROUP BY rooms.id',
  );
  return new Map(rows.map(({ room, head }) => [room, head]));
}

/** Where the person was taken out of the room for good; undefined while they are in it. */
export function findEnd(history: readonly StoredEvent[], person: string): number | undefined {
  const last = history.findLast(({ kind, author }) => kind === 'member' && author === person);
  const change = (JSON.parse(last?.data ?? '{}') as { change?: string }).change;
  return change === 'removed' || change === 'left' ? last?.seq : undefined;
}
