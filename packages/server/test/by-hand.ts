import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Works on the database file of a running server as somebody with a SQLite shell would: past the server. */
export function byHand<Result>(folder: string, work: (db: DatabaseSync) => Result): Result {
  const db = new DatabaseSync(join(folder, 'parlour.sqlite'), { timeout: 5_000 });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** Keeps the server from writing until the returned function is called. */
export function holdWrites(folder: string): () => void {
  const db = new DatabaseSync(join(folder, 'parlour.sqlite'), { timeout: 5_000 });
  db.exec('BEGIN IMMEDIATE');
  return () => db.close();
}

/** Takes the log of what was revoked away, so that the server cannot know, until the returned function is called. */
export function hideRevocations(folder: string): () => void {
  byHand(folder, (db) => db.exec('ALTER TABLE revocations RENAME TO hidden'));
  return () => byHand(folder, (db) => db.exec('ALTER TABLE hidden RENAME TO revocations'));
}

/** Adds messages to a room as fast as SQL can, `author` their sender and each body as given. */
export function fillRoom(folder: string, room: string, author: string, count: number, body: string): void {
  byHand(folder, (db) =>
    db
      .prepare(
        `INSERT INTO events (room, seq, position, kind, id, author, at, body)
         WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < ?),
           head AS (SELECT room, seq, position, at FROM events
             WHERE room = (SELECT number FROM rooms WHERE id = ?) ORDER BY seq DESC LIMIT 1)
         SELECT room, seq + i, position + i, 'message', 'fill-' || room || '-' || (seq + i), ?, at, ? FROM head, numbers`,
      )
      .run(count, room, author, body),
  );
}
