import { DatabaseSync } from 'node:sqlite';

/** Opens the database file with Parlour's settings. WAL with synchronous=FULL: a commit that returned survives a power cut. */
export function openSqlite(file: string, readOnly: boolean): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly, timeout: 2_000 });
  if (!readOnly) db.exec('PRAGMA journal_mode = WAL');
  db.exec(`
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -32768;
    PRAGMA wal_autocheckpoint = 4000;
  `);
  return db;
}
