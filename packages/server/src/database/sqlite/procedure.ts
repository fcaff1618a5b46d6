import type { DatabaseSync } from 'node:sqlite';

/**
 * A write that runs whole inside the writer thread, for the hot path: no round trip between its statements. Its module
 * exports `prepare`. Many calls share one commit.
 */
export type Procedure = {
  /**
   * Throws a ParlourError to refuse; then it must not have written anything, nor changed what it remembers. After any other
   * fault all that was committed together is done again without this call.
   */
  run(input: never): unknown;
  /**
   * Called when what the procedure remembers may be wrong: after a rollback, a transaction of the main thread, any
   * statement that is not a procedure's, and whatever another process has written.
   */
  forget(): void;
  /** Called for every call that failed for want of storage, and for it only. */
  failed?(input: never): void;
};

export type Prepare = (db: DatabaseSync) => Procedure;
