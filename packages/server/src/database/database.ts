import { join } from 'node:path';
import { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { StartError } from '../start-error.ts';
import * as firstSchema from './migrations/0001-first-schema.ts';
import { type DataFolderLock, lockDataFolder } from './sqlite/data-folder-lock.ts';
import { SqliteDialect } from './sqlite/sqlite-dialect.ts';
import { SqliteThread } from './sqlite/sqlite-thread.ts';
import type { Tables } from './tables.ts';

const migrations: Record<string, Migration> = { '0001-first-schema': firstSchema };
/** One, so that what a socket asks for in some order is answered in it. */
const readerCount = 1;

export type DatabaseOptions = {
  folder: string;
  /** Modules that run in the writer thread, by the name they are called by (see sqlite/procedure.ts). */
  procedures?: Record<string, URL>;
  /** A database thread is gone: nothing can be stored or read any more. */
  onFatal(error: Error): void;
};

export type Database = {
  kysely: Kysely<Tables>;
  /** Runs a procedure in the writer, committed together with whatever else waits there. */
  call(procedure: string, input: unknown): Promise<unknown>;
  /** Commits a write that changes nothing. Throws `storage_unavailable` where a real one would. */
  probe(): Promise<void>;
  close(): Promise<void>;
};

/** Opens the embedded database in its folder and brings its schema up to date. Throws StartError. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const lock = lockDataFolder(options.folder);
  const file = join(options.folder, 'parlour.sqlite');
  const procedures = Object.fromEntries(
    Object.entries(options.procedures ?? {}).map(([name, url]) => [name, url.href] as const),
  );
  let onFatal: (error: Error) => void = () => undefined;
  const start = (module: string) =>
    new SqliteThread(new URL(`./sqlite/${module}`, import.meta.url), { file, procedures }, (error) => onFatal(error));
  const writer = start('sqlite-writer.ts');
  try {
    await writer.request('probe');
    // Only now does the file surely exist, in WAL mode, so that it can be opened read-only.
    const readers = Array.from({ length: readerCount }, () => start('sqlite-reader.ts'));
    const kysely = new Kysely<Tables>({ dialect: new SqliteDialect({ writer, readers }) });
    await migrate(kysely);
    onFatal = options.onFatal;
    return {
      kysely,
      call: (procedure, input) => writer.request('call', procedure, input),
      probe: async () => void (await writer.request('probe')),
      close: () => closeAll([...readers, writer], lock),
    };
  } catch (error) {
    await closeAll([writer], lock);
    if (error instanceof StartError) throw error;
    throw new StartError(`The database ${file} cannot be opened: ${describe(error)}.`, error);
  }
}

async function migrate(kysely: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

async function closeAll(threads: SqliteThread[], lock: DataFolderLock): Promise<void> {
  await Promise.all(threads.map((thread) => thread.close()));
  lock.release();
}

function describe(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { message?: string } };
  return cause?.message ?? message ?? String(error);
}
