import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { isStorageFault, type SqlFault, toSqlFault } from '../storage-error.ts';
import type { Procedure } from './procedure.ts';
import { Statements } from './statements.ts';
import type { Request } from './thread-messages.ts';

/** A transaction that is held open longer than this many milliseconds is rolled back: it would stop every send. */
const transactionTimeout = 5_000;
const batchMaximum = 500;
/**
 * Commits after which the log is copied into the database, where it has not become long before: a short one stays in the
 * processor's cache.
 */
const commitsToCheckpoint = 256;

type WriteQueueOptions = {
  db: DatabaseSync;
  findProcedure(name: string): Procedure;
  procedures: ReadonlyMap<string, Procedure>;
  answer(answers: unknown[]): void;
  closed(): void;
};

type Done = { request: Request; value?: unknown; fault?: SqlFault };

/**
 * Runs the writer's requests in the order they came: single statements and procedures grouped into one commit;
 * transactions of the main thread one at a time, while everything else waits.
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions;
  readonly #statements: Statements;
  readonly #frame: ReturnType<typeof prepareFrame>;
  readonly #waiting: Request[] = [];
  readonly #inside: Request[] = [];
  #transaction: number | undefined;
  /** Moves with what others commit to the file. */
  #version: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #commits = 0;

  constructor(options: WriteQueueOptions) {
    this.#options = options;
    this.#statements = new Statements(options.db);
    this.#frame = prepareFrame(options.db);
  }

  add(request: Request): void {
    const { operation } = request;
    const inside = operation === 'inside' || operation === 'commit' || operation === 'rollback';
    (inside ? this.#inside : this.#waiting).push(request);
  }

  work(): void {
    for (;;) {
      for (let next = this.#inside.shift(); next !== undefined; next = this.#inside.shift()) this.#workInside(next);
      if (this.#transaction !== undefined) return;
      const [next] = this.#waiting;
      if (next === undefined) return;
      if (next.operation === 'close') {
        this.#options.answer([next.id, 1, undefined]);
        this.#options.closed();
        return;
      }
      if (next.operation === 'begin') {
        this.#waiting.shift();
        this.#begin(next);
      } else {
        this.#commitTogether();
      }
    }
  }

  #begin({ id, first }: Request): void {
    try {
      this.#frame.begin.run();
    } catch (error) {
      this.#options.answer([id, 0, toSqlFault(error)]);
      return;
    }
    this.#transaction = first as number;
    this.#timer = setTimeout(() => {
      this.#end('ROLLBACK');
      this.work();
    }, transactionTimeout);
    this.#options.answer([id, 1, undefined]);
  }

  #workInside({ id, operation, first, second }: Request): void {
    const [transaction, sql] = first as [number, string | undefined];
    if (transaction !== this.#transaction) {
      const late = { message: 'the transaction took too long and was rolled back', errcode: 5 };
      this.#options.answer(operation === 'rollback' ? [id, 1, undefined] : [id, 0, late]);
      return;
    }
    try {
      let value: unknown;
      if (operation === 'inside') value = this.#statements.run(sql as string, second as SQLInputValue[]);
      else this.#end(operation === 'commit' ? 'COMMIT' : 'ROLLBACK');
      this.#options.answer([id, 1, value]);
    } catch (error) {
      this.#options.answer([id, 0, toSqlFault(error)]);
    }
  }

  #end(how: 'COMMIT' | 'ROLLBACK'): void {
    clearTimeout(this.#timer);
    this.#transaction = undefined;
    this.#forget();
    try {
      this.#options.db.exec(how);
    } catch (error) {
      this.#rollBack();
      if (how === 'COMMIT') throw error;
    }
  }

  #commitTogether(): void {
    const end = this.#waiting.findIndex(({ operation }) => operation === 'begin' || operation === 'close');
    const batch = this.#waiting.splice(0, Math.min(end === -1 ? this.#waiting.length : end, batchMaximum));
    const done: Done[] = [];
    try {
      this.#frame.begin.run();
      this.#noticeOthers();
      for (const request of batch) {
        const outcome = this.#runOne(request);
        done.push(outcome);
        if (leavesTraces(outcome)) {
          this.#commitOthers(batch, outcome);
          return;
        }
      }
      this.#frame.commit.run();
    } catch (error) {
      this.#failAll(batch, toSqlFault(error));
      return;
    }
    this.#answerAll(done);
    this.#commits += 1;
    if (this.#commits % commitsToCheckpoint === 0) this.#checkpoint();
  }

  #checkpoint(): void {
    try {
      this.#frame.checkpoint.get();
    } catch {
      // What could not be copied stays in the log, and the next one tries again: nothing that was acknowledged hangs on it.
    }
  }

  /** Another process may write too, such as a shell: who was a member, or which room there was, is not known after that. */
  #noticeOthers(): void {
    const { data_version: version } = this.#frame.version.get() as { data_version: number };
    if (version !== this.#version) this.#forget();
    this.#version = version;
  }

  /** A savepoint each would cost every write a tenth, so what nobody should meet undoes the whole batch. */
  #commitOthers(batch: Request[], { request, fault }: Done & { fault: SqlFault }): void {
    if (isStorageFault(fault)) {
      // It may have rolled the whole transaction back already, so it is the whole batch's.
      this.#failAll(batch, fault);
    } else {
      this.#rollBack();
      this.#waiting.unshift(...batch.filter((other) => other !== request));
      this.#answerAll([{ request, fault }]);
    }
  }

  #runOne(request: Request): Done {
    try {
      return { request, value: this.#run(request, this.#options.findProcedure) };
    } catch (error) {
      return { request, fault: toSqlFault(error) };
    }
  }

  #run({ operation, first, second }: Request, findProcedure: WriteQueueOptions['findProcedure']): unknown {
    if (operation === 'call') return findProcedure(first as string).run(second as never);
    if (operation === 'query') return this.#query(first as string, second as SQLInputValue[]);
    if (operation !== 'probe') throw new Error(`the writer knows no ${operation}`);
    // Writes the header page, so that this commit meets a full or read-only disk as any other would.
    this.#options.db.exec('PRAGMA user_version = 1');
    return undefined;
  }

  #query(sql: string, parameters: SQLInputValue[]): unknown {
    try {
      return this.#statements.run(sql, parameters);
    } finally {
      this.#forget();
    }
  }

  #answerAll(done: Done[]): void {
    const answers: unknown[] = [];
    for (const { request, value, fault } of done) {
      if (fault === undefined) answers.push(request.id, 1, value);
      else answers.push(request.id, 0, fault);
    }
    this.#options.answer(answers);
  }

  #failAll(batch: Request[], failure: SqlFault): void {
    this.#rollBack();
    const isForStorage = isStorageFault(failure);
    const answers: unknown[] = [];
    for (const { id, operation, first, second } of batch) {
      if (isForStorage && operation === 'call')
        this.#options.procedures.get(first as string)?.failed?.(second as never);
      answers.push(id, 0, failure);
    }
    this.#options.answer(answers);
  }

  #rollBack(): void {
    this.#forget();
    if (this.#options.db.isTransaction) this.#options.db.exec('ROLLBACK');
  }

  #forget(): void {
    for (const procedure of this.#options.procedures.values()) procedure.forget();
  }
}

/**
 * Whether something may have been written by what failed. A statement that fails is undone by SQLite, and a procedure
 * refuses before it writes.
 */
function leavesTraces(outcome: Done): outcome is Done & { fault: SqlFault } {
  const { request, fault } = outcome;
  if (fault === undefined) return false;
  return isStorageFault(fault) || (request.operation === 'call' && fault.refusal === undefined);
}

// Prepared once: what surrounds a statement would cost more than it.
function prepareFrame(db: DatabaseSync) {
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    checkpoint: db.prepare('PRAGMA wal_checkpoint(PASSIVE)'),
    version: db.prepare('PRAGMA data_version'),
  };
}
