import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { runPsql } from './postgres-server.ts';

export const testSecret = 'the secret of a house that lives for a test';

/** Where a house of a test keeps everything: in its folder, unless it has an address. */
export type Place = { folder: string; databaseUrl?: string | undefined };

/** A database of the test's own where it runs on PostgreSQL, undefined where it runs on SQLite. */
export function makeDatabase(): string | undefined {
  const server = inject('postgres');
  if (server === undefined) return undefined;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  runPsql(server, `CREATE DATABASE ${name}`);
  return server.replace(/[^/]*$/, name);
}

export function dropDatabase(url: string | undefined): void {
  if (url === undefined) return;
  const name = url.slice(url.lastIndexOf('/') + 1);
  runPsql(url.replace(/[^/]*$/, 'postgres'), `DROP DATABASE ${name} WITH (FORCE)`);
}

/** What a server needs to keep its house there. */
export function environmentOf(databaseUrl: string, origin: string): Record<string, string> {
  return { DATABASE_URL: databaseUrl, PARLOUR_SECRET: testSecret, PUBLIC_URL: origin };
}
