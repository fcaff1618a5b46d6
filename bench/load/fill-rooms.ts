import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** What is put into a room; the author is a person of the house. */
export type Filling = { room: string; author: string; messages: number; bodyBytes: number };

/** Puts messages into rooms by SQL, as many at once as no sender could send. A server that runs there finds them as it finds all that it did not hear. */
export function fillRooms(folder: string, fillings: readonly Filling[]): void {
  const db = new DatabaseSync(join(folder, 'parlour.sqlite'), { timeout: 10_000 });
  db.exec('BEGIN IMMEDIATE');
  for (const filling of fillings) fillRoom(db, filling);
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
}

function fillRoom(db: DatabaseSync, { room, author, messages, bodyBytes }: Filling): void {
  const head = db
    .prepare(
      `SELECT rooms.number, seq, position FROM rooms JOIN events ON events.room = rooms.number WHERE rooms.id = ?
       ORDER BY seq DESC LIMIT 1`,
    )
    .get(room);
  if (head === undefined) throw new Error(`there is no room ${room}`);
  const [number = 0, seq = 0, position = 0] = [head['number'], head['seq'], head['position']].map(Number);
  db.prepare(
    `WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?)
     INSERT INTO events (room, seq, position, kind, id, author, at, body)
     SELECT ?, ? + n, ? + n, 'message', printf('%d-%d', ?, ? + n), ?, ? + n, substr(printf('%d %.*c', n, ?, 'x'), 1, ?)
     FROM i`,
  ).run(messages, number, seq, position, number, seq, author, Date.now() - messages, bodyBytes, bodyBytes);
}
