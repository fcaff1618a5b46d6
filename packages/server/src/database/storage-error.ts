import { type ErrorCode, ParlourError } from '@parlour/protocol/errors';

// SQLite result codes (sqlite.org/rescode.html) that tell of the disk or the file and not of the statement.
const storageCodes = new Set([
  3, // PERM
  5, // BUSY
  6, // LOCKED
  7, // NOMEM
  8, // READONLY
  10, // IOERR
  11, // CORRUPT
  13, // FULL
  14, // CANTOPEN
  15, // PROTOCOL
  26, // NOTADB
]);

/** A database error as it crosses from a worker thread: plain data. */
export type SqlFault = { message: string; errcode?: number; refusal?: ErrorCode };

export function toSqlFault(error: unknown): SqlFault {
  if (error instanceof ParlourError) return { message: error.message, refusal: error.code };
  const { message, errcode } = error as { message?: unknown; errcode?: unknown };
  return { message: String(message ?? error), ...(typeof errcode === 'number' ? { errcode } : {}) };
}

/** The low byte is the primary result code; the rest makes it finer. */
export function isStorageFault(fault: SqlFault): boolean {
  return fault.errcode !== undefined && storageCodes.has(fault.errcode & 0xff);
}

/** A statement that the database refused: a bug or a constraint, never the storage. */
export class SqlError extends Error {
  readonly errcode: number | undefined;

  constructor(fault: SqlFault) {
    super(fault.message);
    this.name = 'SqlError';
    this.errcode = fault.errcode;
  }
}

export function toError(fault: SqlFault): Error {
  if (fault.refusal !== undefined) return new ParlourError(fault.refusal, fault.message);
  return isStorageFault(fault) ? storageUnavailable(new SqlError(fault)) : new SqlError(fault);
}

export function storageUnavailable(cause: SqlError): ParlourError {
  const detail = 'Nothing can be stored right now. Nothing that was confirmed is lost.';
  return new ParlourError('storage_unavailable', detail, { cause, retryAfter: 1 });
}
