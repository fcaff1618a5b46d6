import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

export type QueryOutcome = { rows: unknown[]; changes: number };

const kept = 500;

/** Prepared statements by their SQL, least recently used first to go. */
export class Statements {
  readonly #db: DatabaseSync;
  readonly #prepared = new Map<string, { statement: StatementSync; returnsRows: boolean }>();

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  run(sql: string, parameters: SQLInputValue[]): QueryOutcome {
    const { statement, returnsRows } = this.#prepare(sql);
    if (returnsRows) return { rows: statement.all(...parameters), changes: 0 };
    return { rows: [], changes: Number(statement.run(...parameters).changes) };
  }

  #prepare(sql: string) {
    const found = this.#prepared.get(sql);
    if (found !== undefined) {
      this.#prepared.delete(sql);
      this.#prepared.set(sql, found);
      return found;
    }
    const statement = this.#db.prepare(sql);
    const prepared = { statement, returnsRows: statement.columns().length > 0 };
    this.#prepared.set(sql, prepared);
    if (this.#prepared.size > kept) {
      const [oldest] = this.#prepared.keys();
      if (oldest !== undefined) this.#prepared.delete(oldest);
    }
    return prepared;
  }
}
