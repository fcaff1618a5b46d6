import pg from 'pg';

/** Milliseconds. A node that is cut off or paused must hold nobody else up, nor wait for ever itself. */
const connectTimeout = 3_000;
const usualStatementTimeout = 5_000;
/** How much longer the client itself waits, for a server that does not answer at all. */
const queryGrace = 1_000;
const lockTimeout = 4_000;
const idleInTransaction = 3_000;

const settings = {
  synchronous_commit: 'on',
  lock_timeout: lockTimeout,
  idle_in_transaction_session_timeout: idleInTransaction,
  // Planned once: what changes between two calls is only whose rooms and messages they are.
  plan_cache_mode: 'force_generic_plan',
  default_transaction_isolation: 'read\\ committed',
};

export type PoolOptions = { url: string; size: number; statementTimeout?: number; onError(error: Error): void };

/** Connections to PostgreSQL with Parlour's settings, opened when they are needed. */
export function openPool(options: PoolOptions): pg.Pool {
  const { url, size, statementTimeout = usualStatementTimeout, onError } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    application_name: 'parlour',
    connectionTimeoutMillis: connectTimeout,
    query_timeout: statementTimeout + queryGrace,
    statement_timeout: statementTimeout,
    keepAlive: true,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    types: { getTypeParser },
  });
  // Of connections that nobody is using: they are replaced when they are needed.
  pool.on('error', onError);
  return pool;
}

/** BIGINT and what is summed of it, which would be strings; all of Parlour's numbers are exact as a JavaScript number. */
const numbers = new Set<number>([pg.types.builtins.INT8, pg.types.builtins.NUMERIC]);

function getTypeParser(type: number, format?: 'text' | 'binary'): (value: never) => unknown {
  if (numbers.has(type)) return Number;
  // As SQLite gives it, so that a query means the same on both.
  if (type === pg.types.builtins.BOOL) return (value: string) => (value === 't' ? 1 : 0);
  return pg.types.getTypeParser(type, format as 'text') as (value: never) => unknown;
}
