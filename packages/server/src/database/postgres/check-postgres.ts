import { Socket } from 'node:net';
import pg from 'pg';
import { StartError } from '../../start-error.ts';
import { describeFault } from '../describe-fault.ts';
import { mayPass, toPostgresError } from './postgres-error.ts';

/** Milliseconds. */
const patience = 3_000;
const oldestVersion = 15;

/** What a PostgreSQL may answer first: to a request for TLS, to a login, or that it cannot take any. */
const firstBytes = new Set([...'SNERv'].map((letter) => letter.charCodeAt(0)));

/**
 * Finds out whether there is a PostgreSQL that can keep a house. Throws StartError where waiting does not help, and
 * `storage_unavailable` where it may.
 */
export async function checkPostgres(url: string): Promise<void> {
  try {
    await inspect(url);
  } catch (error) {
    if (mayPass(error)) throw toPostgresError(error);
    throw new StartError(`The database of DATABASE_URL cannot be opened: ${describeFault(error)}.`, error);
  }
}

async function inspect(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'parlour',
    connectionTimeoutMillis: patience,
    query_timeout: patience,
    stream: openStream,
  });
  // Whatever breaks is told to those who wait for an answer.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string; encoding: string }>(
      `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding`,
    );
    for (const { version, encoding } of rows) refuseUnfit(version, encoding);
  } finally {
    client.end().catch(() => undefined);
  }
}

/** Waits for no more of what something else says: the library would, until its time is over. */
function openStream(): Socket {
  const socket = new Socket();
  socket.once('data', (chunk: Buffer) => {
    if (!firstBytes.has(chunk[0] ?? 0)) socket.destroy(new UnfitError('what answers there is no PostgreSQL'));
  });
  return socket;
}

/** Why a server can keep no house, however long one waits. */
class UnfitError extends Error {
  readonly code = 'UNFIT';
}

/** Throws where Parlour cannot keep a house in such a PostgreSQL. */
export function refuseUnfit(version: string, encoding: string): void {
  if (Number.parseInt(version, 10) < oldestVersion)
    throw new UnfitError(`it is a PostgreSQL ${version}, and Parlour needs ${oldestVersion} or newer`);
  if (encoding !== 'UTF8') throw new UnfitError(`its encoding is ${encoding}, and Parlour needs UTF8`);
}
