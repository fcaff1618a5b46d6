import type { TestProject } from 'vitest/node';
import { runPsql, startPostgres } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of a PostgreSQL whose databases the tests make; undefined where they run on SQLite. */
    postgres?: string;
  }
}

/** One PostgreSQL for all tests of a run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  runPsql(server.url('postgres'), 'SELECT 1');
  project.provide('postgres', server.url('postgres'));
  return () => server.remove();
}
