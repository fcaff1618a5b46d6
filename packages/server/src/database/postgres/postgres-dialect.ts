import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryCompiler,
  type QueryResult,
} from 'kysely';
import type pg from 'pg';
import { isStorageFault, toPostgresError } from './postgres-error.ts';
import { StatementNames } from './statement-names.ts';

/** Any number that nobody else uses; all nodes must agree on it. */
const transactionLock = 7_275_696_001;
const beginAlone = `BEGIN; SELECT pg_advisory_xact_lock(${transactionLock})`;

/**
 * Kysely over PostgreSQL. Transactions run one at a time over all nodes, as they do on SQLite, so that what a transaction
 * has looked up still holds when it writes (docs/decisions/0008). Messages do not go this way: see batch-queue.ts.
 */
export class PostgresDialect implements Dialect {
  readonly #pool: pg.Pool;
  readonly #begin: string;
  readonly #names = new StatementNames();

  /** `begin` is how its transactions begin where they are none of a running house. */
  constructor(pool: pg.Pool, begin = beginAlone) {
    this.#pool = pool;
    this.#begin = begin;
  }

  createDriver(): Driver {
    return new PoolDriver(this.#pool, this.#begin, this.#names);
  }

  /** Runs a SELECT with these parameters, past Kysely, on whichever connection is free. */
  async read<Row>({ sql }: CompiledQuery<Row>, parameters: readonly (string | number)[]): Promise<Row[]> {
    try {
      const query = { name: this.#names.of(sql), text: sql, values: parameters.map(toPostgres) };
      return (await this.#pool.query(query as pg.QueryConfig)).rows as Row[];
    } catch (error) {
      throw toPostgresError(error);
    }
  }

  createQueryCompiler(): QueryCompiler {
    return new PostgresQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new PostgresAdapter();
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new PostgresIntrospector(db);
  }
}

class PoolDriver implements Driver {
  readonly #pool: pg.Pool;
  readonly #begin: string;
  readonly #names: StatementNames;

  constructor(pool: pg.Pool, begin: string, names: StatementNames) {
    this.#pool = pool;
    this.#begin = begin;
    this.#names = names;
  }

  async init(): Promise<void> {}
  async destroy(): Promise<void> {}

  async acquireConnection(): Promise<PoolConnection> {
    try {
      return new PoolConnection(await this.#pool.connect(), this.#names);
    } catch (error) {
      throw toPostgresError(error);
    }
  }

  async releaseConnection(connection: PoolConnection): Promise<void> {
    connection.release();
  }

  async beginTransaction(connection: PoolConnection): Promise<void> {
    await connection.run(this.#begin);
  }

  async commitTransaction(connection: PoolConnection): Promise<void> {
    const { command } = await connection.run('COMMIT');
    // What PostgreSQL answers where a statement of the transaction had failed.
    if (command === 'ROLLBACK') throw new AbortedTransactionError();
  }

  async rollbackTransaction(connection: PoolConnection): Promise<void> {
    await connection.run('ROLLBACK');
  }
}

class PoolConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient;
  readonly #names: StatementNames;
  /** Why the connection cannot be used again: what the server makes of its last statement is not known. */
  #broken: Error | undefined;
  readonly #onError = (error: Error) => {
    this.#broken = error;
  };

  constructor(client: pg.PoolClient, names: StatementNames) {
    this.#client = client;
    this.#names = names;
    client.on('error', this.#onError);
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    const values = parameters.map(toPostgres);
    const { rows, rowCount } = await this.run({ name: this.#names.of(sql), text: sql, values });
    return { rows: rows as Row[], numAffectedRows: BigInt(rowCount ?? 0) };
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator; nothing here streams.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming is not supported');
  }

  async run(query: string | pg.QueryConfig): Promise<pg.QueryResult> {
    try {
      return await this.#client.query(query as pg.QueryConfig);
    } catch (error) {
      if (isStorageFault(error)) this.#broken = error as Error;
      throw toPostgresError(error);
    }
  }

  release(): void {
    this.#client.off('error', this.#onError);
    this.#client.release(this.#broken);
  }
}

function toPostgres(value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  // PostgreSQL knows no U+0000. Nothing that is stored has one, so what is looked for by one is not found.
  if (typeof value === 'string') return value.replaceAll('\0', '\uFFFD');
  return value;
}
