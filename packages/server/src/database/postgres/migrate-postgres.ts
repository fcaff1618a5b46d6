import { Kysely } from 'kysely';
import { type Migrations, migrate } from '../migrate.ts';
import type { Tables } from '../tables.ts';
import { PostgresDialect } from './postgres-dialect.ts';
import { openPool } from './postgres-pool.ts';

export type MigratePostgresOptions = { url: string; onError(error: unknown): void; migrations?: Migrations };

/** Milliseconds: filling a column or an index of a large house takes longer than any request may. */
const statementTimeout = 60 * 60 * 1_000;
/**
 * Milliseconds. Whatever wants a table after a migration that waits for it waits too: nodes that are running must soon
 * have their turn.
 */
const lockTimeout = 500;

/**
 * Brings the schema up to date while other nodes work on it. Throws `storage_unavailable` where a table was in use for too
 * long: try again.
 */
export async function migratePostgres({ url, onError, migrations }: MigratePostgresOptions): Promise<void> {
  const pool = openPool({ url, size: 1, statementTimeout, onError });
  const begin = `BEGIN; SET LOCAL lock_timeout = ${lockTimeout}`;
  try {
    await migrate(new Kysely<Tables>({ dialect: new PostgresDialect(pool, begin) }), 'postgres', migrations);
  } finally {
    await pool.end();
  }
}
