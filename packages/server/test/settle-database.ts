import type { Database } from '../src/database/database.ts';
import { usualConnections } from '../src/database/postgres/postgres-database.ts';

/** Waits until what was asked of the database before this is done, also what nobody waited for. */
export async function settleDatabase(db: Database): Promise<void> {
  if (db.kind === 'sqlite') return await db.probe();
  // A pool serves in turn: whoever holds all of its connections at once came after everything that was asked before.
  let held = 0;
  const { promise, resolve } = Promise.withResolvers<void>();
  const hold = () =>
    db.kysely.connection().execute(async () => {
      held += 1;
      if (held === usualConnections) resolve();
      await promise;
    });
  await Promise.all(Array.from({ length: usualConnections }, hold));
}
