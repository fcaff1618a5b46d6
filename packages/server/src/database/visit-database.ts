import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely } from 'kysely';
import { StartError } from '../start-error.ts';
import { SqliteDialect } from './sqlite/sqlite-dialect.ts';
import { SqliteThread } from './sqlite/sqlite-thread.ts';
import type { Tables } from './tables.ts';

export type VisitedDatabase = { kysely: Kysely<Tables>; close(): Promise<void> };

/**
 * Opens the database of a house to write a row or two, also while its server runs: SQLite's own locks keep the two
 * apart. It makes no house and changes no schema. Throws StartError.
 */
export async function visitDatabase(folder: string): Promise<VisitedDatabase> {
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
    kysely: new Kysely<Tables>({ dialect: new SqliteDialect({ writer, readers: [reader] }) }),
    close: async () => void (await Promise.all(threads.map((thread) => thread.close()))),
  };
}
