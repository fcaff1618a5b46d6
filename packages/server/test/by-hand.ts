import { execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { runPsql } from './postgres-server.ts';
import { PostgresShell } from './postgres-shell.ts';
import type { Place } from './test-database.ts';

export type Row = Record<string, unknown>;

/** What a test needs of a shell on the database; statements are written as for SQLite. */
export type Shell = {
  exec(sql: string): void;
  prepare(sql: string): {
    run(...values: (string | number | null)[]): unknown;
    all(...values: (string | number | null)[]): Row[];
    get(...values: (string | number | null)[]): Row | undefined;
  };
};

/** Works on the database of a running server as somebody with a shell would: past the server. */
export function byHand<Result>(place: Place, work: (db: Shell) => Result): Result {
  if (place.databaseUrl !== undefined) return work(new PostgresShell(place.databaseUrl));
  const db = new DatabaseSync(join(place.folder, 'parlour.sqlite'), { timeout: 5_000 });
  try {
    return work(db);
  } finally {
    db.close();
  }
}

/** All that a house has stored, as bytes. */
export function readEverything({ folder, databaseUrl }: Place): Buffer {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  const stored = files.map(({ name }) => readFileSync(join(folder, name)));
  if (databaseUrl !== undefined) stored.push(execFileSync('pg_dump', ['--inserts', databaseUrl]));
  return Buffer.concat(stored);
}

/** Keeps the server from writing until the returned function is called. */
export function holdWrites({ folder, databaseUrl }: Place): () => void {
  if (databaseUrl !== undefined) return holdPostgres(databaseUrl);
  const db = new DatabaseSync(join(folder, 'parlour.sqlite'), { timeout: 5_000 });
  db.exec('BEGIN IMMEDIATE');
  return () => db.close();
}

function holdPostgres(url: string): () => void {
  const shell = spawn('psql', ['-X', '-q', '-d', url], { stdio: ['pipe', 'ignore', 'inherit'] });
  shell.stdin.write('BEGIN; LOCK TABLE events IN EXCLUSIVE MODE;\n');
  const held = `SELECT count(*) FROM pg_locks WHERE mode = 'ExclusiveLock' AND granted AND relation = 'events'::regclass`;
  while (runPsql(url, held) === '0');
  return () => shell.stdin.end('ROLLBACK;\n');
}

/** The moment of the last row of the revocation log, which was written in the ending's own transaction: milliseconds. */
export function lastRevocation(place: Place): number {
  return byHand(place, (db) => {
    const [row] = db.prepare('SELECT at FROM revocations ORDER BY number DESC LIMIT 1').all();
    return Number(row?.['at']);
  });
}

/** Takes the log of what was revoked away, so that the server cannot know, until the returned function is called. */
export function hideRevocations(place: Place): () => void {
  const [hide, show] = place.databaseUrl === undefined ? hiding.sqlite : hiding.postgres;
  byHand(place, (db) => db.exec(hide));
  return () => byHand(place, (db) => db.exec(show));
}

// What a trigger writes still arrives: SQLite renames in its triggers too, and a view can be written through.
const hiding = {
  sqlite: ['ALTER TABLE revocations RENAME TO hidden', 'ALTER TABLE hidden RENAME TO revocations'],
  postgres: [
    'ALTER TABLE revocations RENAME TO hidden; CREATE VIEW revocations AS SELECT * FROM hidden WHERE 1 / 0 = 1',
    'DROP VIEW revocations; ALTER TABLE hidden RENAME TO revocations',
  ],
} as const;

/** Adds messages to a room as fast as SQL can, `author` their sender and each body as given. */
export function fillRoom(place: Place, room: string, author: string, count: number, body: string): void {
  byHand(place, (db) =>
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
