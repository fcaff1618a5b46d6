import { Kysely, sql } from 'kysely';
import { allMigrations, type Migrations, migrate } from '../migrate.ts';
import { SqlError } from '../storage-error.ts';
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
export async function migratePostgres(options: MigratePostgresOptions): Promise<void> {
  const { url, onError, migrations } = options;
  // First with the usual patience: a start that has nothing to do must not wait for an hour where the network swallows
  // an answer.
  if (await isUpToDate(options)) return;
  const pool = openPool({ url, size: 1, statementTimeout, onError });
  const begin = `BEGIN; SET LOCAL lock_timeout = ${lockTimeout}`;
  try {
    await migrate(new Kysely<Tables>({ dialect: new PostgresDialect(pool, begin) }), 'postgres', migrations);
  } finally {
    await pool.end();
  }
}

async function isUpToDate({
  url,
  onError,
  migrations = allMigrations.postgres,
}: MigratePostgresOptions): Promise<boolean> {
  const pool = openPool({ url, size: 1, onError });
  try {
    const kysely = new Kysely<Tables>({ dialect: new PostgresDialect(pool) });
    const { rows } = await sql<{ name: string }>`SELECT name FROM kysely_migration`.execute(kysely);
    const made = new Set(rows.map(({ name }) => name));
    return made.symmetricDifference(new Set(Object.keys(migrations))).size === 0;
  } catch (error) {
    // Nothing was ever made there.
    if (error instanceof SqlError) return false;
    throw error;
  } finally {
    await pool.end();
  }
}
