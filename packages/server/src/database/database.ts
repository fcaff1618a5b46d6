import type { CompiledQuery, Kysely } from 'kysely';
import type { Pace } from '../pace.ts';
import type { BatchProcedure } from './postgres/batch-procedure.ts';
import { openSqliteDatabase } from './sqlite/sqlite-database.ts';
import type { Tables } from './tables.ts';

export type DatabaseOptions = {
  /** Where the embedded database lies. */
  folder: string;
  /** Where PostgreSQL is, if that keeps the house. */
  url?: string | undefined;
  /** Whether other nodes that share it may work on it at the same time; otherwise it is held for this one. */
  isShared?: boolean;
  procedures?: Record<string, ProcedureForms>;
  /** By which whoever asked goes on: a crowd's answers may come all at once. */
  pace?: Pick<Pace, 'goOn'>;
  /** Nothing can be stored or read any more: a thread is gone, or somebody else holds the database. */
  onFatal(error: Error): void;
  /** Something failed that heals by itself. */
  onError?(error: unknown): void;
};

/** A write of the hot path as each database runs it: a module for SQLite's writer thread (sqlite/procedure.ts). */
export type ProcedureForms = { sqlite: URL; postgres: BatchProcedure };

export type Database = {
  kind: 'sqlite' | 'postgres';
  kysely: Kysely<Tables>;
  /** Waits behind nobody: for the few reads that every socket's trust hangs on. */
  urgent: Kysely<Tables>;
  /**
   * Runs a SELECT that was compiled once, with other parameters: what everybody asks on their way in. Outside every
   * transaction, in turn with what `kysely` reads.
   */
  read<Row>(query: CompiledQuery<Row>, parameters: readonly (string | number)[]): Promise<Row[]>;
  /** Runs a procedure, committed together with whatever else waits there. */
  call(procedure: string, input: unknown): Promise<unknown>;
  /** Commits a write that changes nothing. Throws `storage_unavailable` where a real one would. */
  probe(): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens the database and brings its schema up to date; loads PostgreSQL’s driver only where that keeps the house. Throws
 * StartError, or `storage_unavailable` where it may pass.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (options.url === undefined) return await openSqliteDatabase(options);
  const { openPostgresDatabase } = await import('./postgres/postgres-database.ts');
  return await openPostgresDatabase(options, options.url);
}
