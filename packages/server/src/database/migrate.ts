import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import * as firstSchema from './migrations/0001-first-schema.ts';
import * as postgresFirstSchema from './migrations/postgres-first-schema.ts';
import type { Tables } from './tables.ts';

const migrations: Record<'sqlite' | 'postgres', Record<string, Migration>> = {
  sqlite: { '0001-first-schema': firstSchema },
  postgres: { '0001-first-schema': postgresFirstSchema },
};

/** Brings the schema up to date, forward only. Of several nodes that start at once, one does and the others wait. */
export async function migrate(kysely: Kysely<Tables>, kind: 'sqlite' | 'postgres'): Promise<void> {
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations[kind] } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
