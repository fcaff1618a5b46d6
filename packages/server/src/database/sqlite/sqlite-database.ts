import { join } from 'node:path';
import { type CompiledQuery, Kysely } from 'kysely';
import { StartError } from '../../start-error.ts';
import type { Database, DatabaseOptions } from '../database.ts';
import { describeFault } from '../describe-fault.ts';
import { migrate } from '../migrate.ts';
import type { Tables } from '../tables.ts';
import { type DataFolderLock, lockDataFolder } from './data-folder-lock.ts';
import { SqliteDialect } from './sqlite-dialect.ts';
import { SqliteThread } from './sqlite-thread.ts';
import type { QueryOutcome } from './statements.ts';

/** Opens the embedded database in its folder and brings its schema up to date. Throws StartError. */
export async function openSqliteDatabase(options: DatabaseOptions): Promise<Database> {
  const lock = lockDataFolder(options.folder);
  const file = join(options.folder, 'parlour.sqlite');
  const procedures = Object.fromEntries(
    Object.entries(options.procedures ?? {}).map(([name, { sqlite }]) => [name, sqlite.href] as const),
  );
  let onFatal: (error: Error) => void = () => undefined;
  const start = (module: string, pace?: DatabaseOptions['pace']) =>
    new SqliteThread(new URL(`./${module}`, import.meta.url), { file, procedures }, (error) => onFatal(error), pace);
  const writer = start('sqlite-writer.ts');
  const threads = [writer];
  try {
    await writer.request('probe');
    // Only now does the file surely exist, in WAL mode, so that it can be opened read-only.
    // One for all, so that what a socket asks for in some order is answered in it, and one that is never kept waiting.
    const [reader, urgentReader] = [start('sqlite-reader.ts', options.pace), start('sqlite-reader.ts')];
    threads.unshift(reader, urgentReader);
    const open = (own: SqliteThread) => new Kysely<Tables>({ dialect: new SqliteDialect({ writer, reader: own }) });
    const [kysely, urgent] = [open(reader), open(urgentReader)];
    await migrate(kysely, 'sqlite');
    onFatal = options.onFatal;
    return {
      kind: 'sqlite',
      kysely,
      urgent,
      read: async <Row>({ sql }: CompiledQuery<Row>, parameters: readonly (string | number)[]) => {
        const { rows } = (await reader.request('query', sql, parameters)) as QueryOutcome;
        return rows as Row[];
      },
      call: (procedure, input) => writer.request('call', procedure, input),
      probe: async () => void (await writer.request('probe')),
      close: () => closeAll(threads, lock),
    };
  } catch (error) {
    await closeAll(threads, lock);
    if (error instanceof StartError) throw error;
    throw new StartError(`The database ${file} cannot be opened: ${describeFault(error)}.`, error);
  }
}

async function closeAll(threads: SqliteThread[], lock: DataFolderLock): Promise<void> {
  await Promise.all(threads.map((thread) => thread.close()));
  lock.release();
}
