import pg from 'pg';
import { SqlError, storageUnavailable } from '../storage-error.ts';

/** SQLSTATE classes and codes (postgresql.org/docs/current/errcodes-appendix.html) that tell of the server, not of the statement. */
const storageStates = [
  '08', // connection exceptions
  '25006', // read-only transaction: a standby
  '25P03', // idle in transaction for too long
  '28', // the server does not let us in
  '3D000', // the database is not there
  '40', // serialization failure, deadlock
  '53', // out of disk, memory or connections
  '55P03', // a lock was not to be had in time
  '57', // cancelled by time, or the server stops
  '58', // input or output of the server failed
  'XX', // data or index corrupted
];

const retryable = new Set([
  '23505', // two rooms took one message id at once
  '40001', // serialization failure
  '40P01', // deadlock
]);

export function isStorageFault(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return true;
  const { code = '' } = error;
  return storageStates.some((state) => code.startsWith(state));
}

/** Whether the same statements may succeed when they are tried again at once. */
export function isPassing(error: unknown): boolean {
  return error instanceof pg.DatabaseError && retryable.has(error.code ?? '');
}

const lastingStates = [
  '08P01', // a pooler that does not take our settings
  '28', // the server does not let us in
  '3D000', // the database is not there
];

/** Of the network: nothing listens yet, the name is not known yet, the way is cut. */
const networkFaults = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Whether a connection that could not be opened may be a while later. */
export function mayPass(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  if (error instanceof pg.DatabaseError)
    return isStorageFault(error) && !lastingStates.some((state) => code?.startsWith(state));
  if (code !== undefined) return networkFaults.has(code);
  // The library's own errors have no code: it waited too long, or the other end hung up.
  return /timeout|terminated/i.test(message ?? '');
}

/** What the rest of Parlour knows of it. Whatever is no answer of the server's is a connection that failed. */
export function toPostgresError(error: unknown): Error {
  const message = error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error);
  const fault = new SqlError({ message });
  return isStorageFault(error) ? storageUnavailable(fault) : fault;
}
