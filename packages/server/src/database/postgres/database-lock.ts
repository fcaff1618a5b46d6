import pg from 'pg';
import { NotYetError } from '../../start-error.ts';
import { toPostgresError } from './postgres-error.ts';

/** Any number that nobody else uses. */
const houseLock = 7_275_696_002;
const retryAfter = 500;
const connectTimeout = 3_000;
/** A server that has not noticed yet that the old connection is gone still counts the lock as held by it. */
const regainWithin = 60_000;
/** Seconds, so that it notices within half a minute instead of two hours that a machine has lost its power. */
const keepalives = '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3';

export type HoldOptions = { url: string; onFatal(error: Error): void; onError(error: unknown): void };

/**
 * Holds the database for one node by a lock of the server's own, which goes with the connection, whatever way the process
 * dies. When the connection is lost, the lock is taken again; where somebody else keeps it, this node must end. Nothing
 * breaks meanwhile: every write is safe against other nodes. Throws NotYetError while somebody else has it.
 */
export async function holdDatabase({ url, onFatal, onError }: HoldOptions): Promise<() => Promise<void>> {
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let released = false;

  const regain = (until: number) => {
    if (released) return;
    timer = setTimeout(() => {
      take().catch((error: unknown) => {
        if (error instanceof NotYetError && performance.now() > until) return onFatal(error);
        onError(error);
        regain(error instanceof NotYetError ? until : performance.now() + regainWithin);
      });
    }, retryAfter);
  };

  const take = async () => {
    const taking = new pg.Client({
      connectionString: url,
      application_name: 'parlour lock',
      connectionTimeoutMillis: connectTimeout,
      query_timeout: connectTimeout,
      keepAlive: true,
      options: keepalives,
    });
    taking.on('error', onError);
    try {
      await taking.connect();
      const { rows } = await taking.query(`SELECT pg_try_advisory_lock(${houseLock}) AS held`);
      if (rows[0]?.held !== true)
        throw new NotYetError('The database of DATABASE_URL is in use by another Parlour. Several need BROKER_URL.');
    } catch (error) {
      await taking.end().catch(onError);
      throw error instanceof NotYetError ? error : toPostgresError(error);
    }
    client = taking;
    taking.once('end', () => regain(performance.now() + regainWithin));
  };

  await take();
  return async () => {
    released = true;
    clearTimeout(timer);
    await client?.end();
  };
}
