import { Kysely } from 'kysely';
import { StartError } from '../../start-error.ts';
import { describeFault } from '../describe-fault.ts';
import { checkPostgres } from '../postgres/check-postgres.ts';
import { holdDatabase } from '../postgres/database-lock.ts';
import { PostgresDialect } from '../postgres/postgres-dialect.ts';
import { openPool } from '../postgres/postgres-pool.ts';
import type { Tables } from '../tables.ts';

/** Milliseconds: counting and emptying large tables takes longer than any request may. */
const statementTimeout = 60 * 60 * 1_000;

export type Target = {
  kysely: Kysely<Tables>;
  /** Throws once somebody else may work on it. */
  check(): void;
  close(): Promise<void>;
};

/** Opens the PostgreSQL database that a house moves to, and holds it as its only node would. Throws StartError. */
export async function openTarget(url: string): Promise<Target> {
  const lost = new AbortController();
  const ignore = () => undefined;
  const hold = async () => {
    await checkPostgres(url);
    return await holdDatabase({ url, onFatal: (error) => lost.abort(error), onError: ignore });
  };
  const release = await hold().catch((error: unknown) => {
    if (error instanceof StartError) throw error;
    throw new StartError(`The database of DATABASE_URL cannot be opened: ${describeFault(error)}.`, error);
  });
  const pool = openPool({ url, size: 2, statementTimeout, onError: ignore });
  return {
    kysely: new Kysely<Tables>({ dialect: new PostgresDialect(pool) }),
    check: () => lost.signal.throwIfAborted(),
    close: async () => {
      await pool.end();
      await release();
    },
  };
}
