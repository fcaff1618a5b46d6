import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { StartError } from '../start-error.ts';
import * as firstSchema from './migrations/0001-first-schema.ts';
import * as postgresFirstSchema from './migrations/postgres-first-schema.ts';
import type { Tables } from './tables.ts';

export type Migrations = Readonly<Record<string, Migration>>;

/** What brings a database from nothing to what this release needs. CONTRIBUTING.md has the rules. */
export const allMigrations: Record<'sqlite' | 'postgres', Migrations> = {
  sqlite: { '0001-first-schema': firstSchema },
  postgres: { '0001-first-schema': postgresFirstSchema },
};

/**
 * Brings the schema up to date, forward only, one migration a transaction. Of several nodes that start at once, one does
 * and the others wait. Throws StartError where a newer release was here.
 */
export async function migrate(
  kysely: Kysely<Tables>,
  kind: 'sqlite' | 'postgres',
  migrations = allMigrations[kind],
): Promise<void> {
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } });
  for (let isDone = false; !isDone; ) {
    // One for all of them would hold the locks of the first while it waits for those of the next: a running node that has
    // and wants them the other way round would be in a deadlock with it.
    const { error, results } = await migrator.migrateUp();
    if (error !== undefined) throw asNewer(error) ?? error;
    isDone = results === undefined || results.length === 0;
  }
}

/** An older release would write what the newer one no longer understands, so it does not even start. */
function asNewer(error: unknown): StartError | undefined {
  const [, name] = /previously executed migration (\S+) is missing/.exec((error as Error).message) ?? [];
  if (name === undefined) return undefined;
  return new StartError(
    `A newer Parlour has brought this house up to date (${name}). Start that version: there is no way back but a backup.`,
    error,
  );
}
