// A procedure for tests of the writer thread: it writes what it is given, and fails after that or refuses before.
import type { DatabaseSync } from 'node:sqlite';
import { ParlourError } from '@parlour/protocol/errors';
import type { Procedure } from '../src/database/sqlite/procedure.ts';

export function prepare(db: DatabaseSync): Procedure {
  const insert = db.prepare('INSERT INTO steps VALUES (?)');
  return {
    run: (name: string) => {
      if (name === 'refuses') throw new ParlourError('not_a_member', 'This one refuses.');
      insert.run(name);
      if (name === 'falls') throw new Error('this one fails');
    },
    forget: () => undefined,
  };
}
