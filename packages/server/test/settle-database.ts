import { sql } from 'kysely';
import type { Database } from '../src/database/database.ts';

/** Waits until what was asked of the database before this is done, also what nobody waited for. */
export async function settleDatabase(db: Database): Promise<void> {
  if (db.kind === 'sqlite') return await db.probe();
  const others = sql<{ count: number }>`SELECT count(*) AS count FROM pg_stat_activity
    WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`;
  for (;;) {
    const { rows } = await others.execute(db.kysely);
    if (rows[0]?.count === 0) return;
  }
}
