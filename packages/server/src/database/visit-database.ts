import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import { StartError } from '../start-error.ts';
import { PostgresDialect } from './postgres/postgres-dialect.ts';
import { openPool } from './postgres/postgres-pool.ts';
import { SqliteDialect } from './sqlite/sqlite-dialect.ts';
import { SqliteThread } from './sqlite/sqlite-thread.ts';
import type { Tables } from './tables.ts';

export type DatabasePlace = { url: string | undefined; folder: string };
export type VisitedDatabase = { kysely: Kysely<Tables>; close(): Promise<void> };

/**
 * Opens the database of a house to write a row or two, also while its server runs: the database's own locks keep the two
 * apart. It makes no house and changes no schema. Throws StartError.
 */
export async function visitDatabase({ url, folder }: DatabasePlace): Promise<VisitedDatabase> {
  return url === undefined ? await visitSqlite(folder) : await visitPostgres(url);
}

async function visitPostgres(url: string): Promise<VisitedDatabase> {
  const pool = openPool({ url, size: 1, onError: () => undefined });
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect(pool) });
  try {
    await kysely.selectFrom('claims').select('one').execute();
  } catch (cause) {
    await pool.end();
    throw new StartError(
      'There is no house at DATABASE_URL, or it cannot be reached. Start Parlour there once.',
      cause,
    );
  }
  return { kysely, close: () => pool.end() };
}

async function visitSqlite(folder: string): Promise<VisitedDatabase> {
  const file = join(folder, 'parlour.sqlite');
  await access(file).catch((cause: unknown) => {
    throw new StartError(
      `There is no house in ${folder}. Start Parlour there once, or name the folder by PARLOUR_DATA.`,
      cause,
    );
  });
  const start = (module: string) =>
    new SqliteThread(new URL(`./sqlite/${module}`, import.meta.url), { file, procedures: {} }, () => undefined);
  const threads = [start('sqlite-writer.ts'), start('sqlite-reader.ts')] as const;
  const [writer, reader] = threads;
  return {
    kysely: new Kysely<Tables>({ dialect: new SqliteDialect({ writer, reader }) }),
    close: async () => void (await Promise.all(threads.map((thread) => thread.close()))),
  };
}
