import { DatabaseSync } from 'node:sqlite';

/**
 * Kibibytes of pages. After most of its commits SQLite looks through all that a writer keeps (balancing a tree gives a page
 * a number beyond the last for a moment), and what it needs is the ends of the rooms that people write in.
 */
const readerCache = 32_768;
const writerCache = 8_192;

/** Opens the database file with Parlour's settings. WAL with synchronous=FULL: a commit that returned survives a power cut. */
export function openSqlite(file: string, readOnly: boolean): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly, timeout: 2_000 });
  // A message changes some bytes in each of four pages, and all of them go into the log. An older database keeps its size.
  if (!readOnly) db.exec('PRAGMA page_size = 2048; PRAGMA journal_mode = WAL');
  db.exec(`
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -${readOnly ? readerCache : writerCache};
    PRAGMA wal_autocheckpoint = 4000;
  `);
  return db;
}
