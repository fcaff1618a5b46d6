import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { SqliteThread } from './sqlite-thread.ts';
import type { QueryOutcome } from './statements.ts';

type Threads = { writer: SqliteThread; reader: SqliteThread };

/** Kysely over Parlour's database threads: SELECTs outside a transaction go to the reader, everything else to the writer. */
export class SqliteDialect implements Dialect {
  readonly #threads: Threads;

  constructor(threads: Threads) {
    this.#threads = threads;
  }

  createDriver(): Driver {
    return new ThreadDriver(this.#threads);
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }

  createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }
}

class TransactionalAdapter extends SqliteAdapter {
  // Otherwise Kysely lets one query at a time out of this thread; what must wait here waits in the writer's queue.
  override get supportsMultipleConnections(): boolean {
    return true;
  }

  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class ThreadDriver implements Driver {
  readonly #threads: Threads;
  #nextTransaction = 1;

  constructor(threads: Threads) {
    this.#threads = threads;
  }

  async init(): Promise<void> {}
  async destroy(): Promise<void> {}

  async acquireConnection(): Promise<ThreadConnection> {
    return new ThreadConnection(this.#threads);
  }

  async releaseConnection(): Promise<void> {}

  async beginTransaction(connection: ThreadConnection): Promise<void> {
    const transaction = this.#nextTransaction++;
    await this.#threads.writer.request('begin', transaction);
    connection.transaction = transaction;
  }

  async commitTransaction(connection: ThreadConnection): Promise<void> {
    await this.#end(connection, 'commit');
  }

  async rollbackTransaction(connection: ThreadConnection): Promise<void> {
    await this.#end(connection, 'rollback');
  }

  async #end(connection: ThreadConnection, how: 'commit' | 'rollback'): Promise<void> {
    const { transaction } = connection;
    connection.transaction = undefined;
    await this.#threads.writer.request(how, [transaction]);
  }
}

class ThreadConnection implements DatabaseConnection {
  readonly #threads: Threads;
  transaction: number | undefined;

  constructor(threads: Threads) {
    this.#threads = threads;
  }

  async executeQuery<Row>(compiled: CompiledQuery): Promise<QueryResult<Row>> {
    const { rows, changes } = (await this.#run(compiled)) as QueryOutcome;
    return { rows: rows as Row[], numAffectedRows: BigInt(changes) };
  }

  // biome-ignore lint/correctness/useYield: the interface asks for a generator; nothing here streams.
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('streaming is not supported');
  }

  #run(compiled: CompiledQuery): Promise<unknown> {
    const parameters = compiled.parameters.map(toSqlite);
    if (this.transaction !== undefined) {
      return this.#threads.writer.request('inside', [this.transaction, compiled.sql], parameters);
    }
    const thread = isRead(compiled) ? this.#threads.reader : this.#threads.writer;
    return thread.request('query', compiled.sql, parameters);
  }
}

function isRead({ query, sql }: CompiledQuery): boolean {
  return query.kind === 'SelectQueryNode' || (query.kind === 'RawNode' && /^\s*select\b/i.test(sql));
}

function toSqlite(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (value instanceof Date) return value.toISOString();
  return value;
}
