import { limits } from '@parlour/protocol/limits';
import type { Page } from '@parlour/protocol/paging';
import type { HouseMember, peopleQuery } from '@parlour/protocol/people';
import * as v from 'valibot';
import type { Caller } from '../accounts/caller.ts';
import { readCursor, toPage } from '../cursor.ts';
import { listPersonRows } from './people-store.ts';
import { type PeopleDeps, requirePermission, toHouseMember } from './person.ts';

const key = v.strictTuple([v.string(), v.string()]);

/** Everybody in the house by name, for those who look after it. Throws `forbidden`. */
export async function listPeople(
  { db }: Pick<PeopleDeps, 'db'>,
  caller: Caller,
  { query, cursor, limit = limits.pageDefault }: v.InferOutput<typeof peopleQuery> = {},
): Promise<Page<HouseMember>> {
  requirePermission(caller.role, 'seePeople');
  const [name, id] = cursor === undefined ? [] : readCursor(key, cursor);
  const after = name === undefined || id === undefined ? undefined : { name, id };
  const rows = await listPersonRows(db.kysely, query, after, limit + 1);
  return toPage(rows, limit, { item: (row) => toHouseMember(row), key: (row) => [row.sortName, row.id] });
}
