/**
 * What database/sqlite/procedure.ts is for SQLite: a write of the hot path, many of which are one statement and one
 * commit.
 */
export type BatchProcedure = {
  /** Takes what `toParameters` gives and answers a row for each input, in their order. */
  statement: string;
  /** One array a column. */
  toParameters(inputs: readonly never[]): unknown[];
  /** Throws a ParlourError for what is not to be tried at all. */
  check(input: never): void;
  /** Whether its row says that it was left out of the batch: then it is called again, alone. */
  isUndecided?(row: never): boolean;
  /** What its row means for an input; throws a ParlourError where it was refused. */
  read(input: never, row: never): unknown;
  /** Called for every input that failed for want of storage, and for it only. */
  failed(input: never): void;
};
