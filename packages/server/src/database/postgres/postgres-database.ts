import { ParlourError } from '@parlour/protocol/errors';
import { Kysely } from 'kysely';
import { StartError } from '../../start-error.ts';
import type { Database, DatabaseOptions } from '../database.ts';
import { describeFault } from '../describe-fault.ts';
import { isMoving } from '../move/move-record.ts';
import type { Tables } from '../tables.ts';
import { BatchQueue } from './batch-queue.ts';
import { checkPostgres } from './check-postgres.ts';
import { holdDatabase } from './database-lock.ts';
import { migratePostgres } from './migrate-postgres.ts';
import { PostgresDialect } from './postgres-dialect.ts';
import { openPool } from './postgres-pool.ts';

/** Of the pool that all but batches and the revocation log share. */
export const usualConnections = 9;

/**
 * Opens a PostgreSQL database and brings its schema up to date. Throws StartError, and `storage_unavailable` where it may
 * be there later.
 */
export async function openPostgresDatabase(options: DatabaseOptions, url: string): Promise<Database> {
  const { procedures = {}, onFatal, onError = () => undefined } = options;
  await checkPostgres(url);
  // A batch of each kind at a time: what was read must not hold up what is sent.
  const pools = { usual: usualConnections, urgent: 1, batches: 2 };
  const open = (size: number) => openPool({ url, size, onError });
  const [usual, urgent, batches] = [open(pools.usual), open(pools.urgent), open(pools.batches)];
  const dialect = new PostgresDialect(usual);
  const kysely = new Kysely<Tables>({ dialect });
  let release: () => Promise<void> = async () => undefined;
  const close = async () => {
    await Promise.all([usual.end(), urgent.end(), batches.end()]);
    await release();
  };
  try {
    release = await holdDatabase({ url, isShared: options.isShared, onFatal, onError });
    await migratePostgres({ url, onError });
    if (await isMoving(kysely))
      throw new StartError(
        'A house is being moved to the database of DATABASE_URL. Run migrate-to-postgres to its end.',
      );
  } catch (error) {
    await close();
    if (error instanceof StartError || error instanceof ParlourError) throw error;
    throw new StartError(`The database of DATABASE_URL cannot be opened: ${describeFault(error)}.`, error);
  }
  const queues = new Map(
    Object.entries(procedures).map(([name, { postgres }]) => [name, new BatchQueue(batches, name, postgres)]),
  );
  return {
    kind: 'postgres',
    kysely,
    urgent: new Kysely<Tables>({ dialect: new PostgresDialect(urgent) }),
    read: (query, parameters) => dialect.read(query, parameters),
    call: async (procedure, input) => {
      const queue = queues.get(procedure);
      if (queue === undefined) throw new Error(`there is no procedure ${procedure}`);
      return await queue.call(input);
    },
    // Writes a page of its own, so that this commit meets a full disk or a standby as any other would.
    probe: async () => void (await kysely.updateTable('probes').set({ one: 1 }).execute()),
    close,
  };
}
