import type pg from 'pg';
import type { BatchProcedure } from './batch-procedure.ts';
import { isPassing, isStorageFault, toPostgresError } from './postgres-error.ts';

const batchMaximum = 500;
const tries = 5;

type Waiting = { input: never; resolve(value: unknown): void; reject(error: unknown): void };

/**
 * Runs a procedure's calls in the order they came, one batch at a time: what arrives during a commit is the next
 * batch. Each input is judged by itself, and a failure of storage is the whole batch's.
 */
export class BatchQueue {
  readonly #pool: pg.Pool;
  readonly #procedure: BatchProcedure;
  readonly #name: string;
  #waiting: Waiting[] = [];
  #working = false;

  constructor(pool: pg.Pool, name: string, procedure: BatchProcedure) {
    this.#pool = pool;
    this.#name = name;
    this.#procedure = procedure;
  }

  call(input: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input: input as never, resolve, reject });
      // What else this tick brings belongs to the same batch.
      if (!this.#working) setImmediate(() => void this.#work());
      this.#working = true;
    });
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchMaximum).filter((call) => this.#isWanted(call));
      if (batch.length > 0) await this.#run(batch);
    }
    this.#working = false;
  }

  #isWanted({ input, reject }: Waiting): boolean {
    try {
      this.#procedure.check(input);
      return true;
    } catch (error) {
      reject(error);
      return false;
    }
  }

  async #run(batch: Waiting[]): Promise<void> {
    let rows: unknown[];
    try {
      rows = await this.#query(batch.map(({ input }) => input));
    } catch (error) {
      await this.#fail(batch, error);
      return;
    }
    const undecided: Waiting[] = [];
    for (const [at, call] of batch.entries()) {
      const row = rows[at] as never;
      if (batch.length > 1 && this.#procedure.isUndecided?.(row)) undecided.push(call);
      else this.#answer(call, row);
    }
    for (const call of undecided) await this.#run([call]);
  }

  #answer({ input, resolve, reject }: Waiting, row: never): void {
    try {
      resolve(this.#procedure.read(input, row));
    } catch (refusal) {
      reject(refusal);
    }
  }

  async #query(inputs: readonly never[]): Promise<unknown[]> {
    const { statement, toParameters } = this.#procedure;
    const query = { name: this.#name, text: statement, values: toParameters(inputs) };
    for (let left = tries; ; left -= 1) {
      try {
        return (await this.#pool.query(query)).rows;
      } catch (error) {
        if (left === 1 || !isPassing(error)) throw error;
      }
    }
  }

  /** What is wrong with one of them alone must not fail the others. */
  async #fail(batch: Waiting[], error: unknown): Promise<void> {
    if (!isStorageFault(error) && batch.length > 1) {
      // Judged anew each: storage may fail for one of them now, and with it for what waits behind that.
      for (const call of batch) if (this.#isWanted(call)) await this.#run([call]);
      return;
    }
    const fault = toPostgresError(error);
    for (const { input, reject } of batch) {
      if (isStorageFault(error)) this.#procedure.failed(input);
      reject(fault);
    }
  }
}
