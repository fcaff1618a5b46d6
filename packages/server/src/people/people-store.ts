import type { Role } from '@parlour/protocol/accounts';
import { handleOf } from '@parlour/protocol/mentions';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tables } from '../database/tables.ts';

export type Queries = Kysely<Tables>;

export type PersonRow = {
  id: string;
  name: string;
  role: Role;
  bannedAt: number | null;
  banReason: string | null;
  createdAt: string;
};
export type PersonListRow = PersonRow & { sortName: string };
export type AfterPerson = { name: string; id: string };

const columns = ['id', 'name', 'role', 'bannedAt', 'banReason', 'createdAt'] as const;

export async function findPersonRow(db: Queries, id: string): Promise<PersonRow | undefined> {
  const row = await db.selectFrom('user').select(columns).where('id', '=', id).executeTakeFirst();
  return row as PersonRow | undefined;
}

/** By name; `part` is any part of it. */
export async function listPersonRows(
  db: Queries,
  part: string | undefined,
  after: AfterPerson | undefined,
  limit: number,
): Promise<PersonListRow[]> {
  const sortName = sql<string>`lower(name)`;
  let query = db
    .selectFrom('user')
    .select([...columns, sortName.as('sortName')])
    .orderBy('sortName')
    .orderBy('id')
    .limit(limit);
  if (part) query = query.where(isNamed(part));
  if (after !== undefined) query = query.where(sql<boolean>`(lower(name), id) > (${after.name}, ${after.id})`);
  return (await query.execute()) as PersonListRow[];
}

// The database knows the two cases of A to Z only, so what is made of letters is looked for in the handle, too.
function isNamed(part: string): RawBuilder<boolean> {
  const inName = sql<boolean>`lower(name) LIKE lower(${toPattern(part)}) ESCAPE '\\'`;
  const handle = handleOf(part);
  if (handle === '' || !/^[\p{L}\p{M}\p{N}\s-]+$/u.test(part)) return inName;
  return sql<boolean>`(${inName} OR handle LIKE ${toPattern(handle)})`;
}

function toPattern(part: string): string {
  return `%${part.replaceAll(/[\\%_]/g, '\\$&')}%`;
}

/** Whether that changed something: a trigger ends every grant of whoever is banned. */
export async function markBanned(trx: Queries, id: string, reason: string | undefined, now: number): Promise<boolean> {
  const result = await trx
    .updateTable('user')
    .set({ bannedAt: now, banReason: reason ?? null })
    .where('id', '=', id)
    .where('bannedAt', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function markPardoned(trx: Queries, id: string): Promise<boolean> {
  const result = await trx
    .updateTable('user')
    .set({ bannedAt: null, banReason: null })
    .where('id', '=', id)
    .where('bannedAt', 'is not', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** A trigger tells the person's sockets. */
export async function putRole(trx: Queries, id: string, role: Role): Promise<void> {
  await trx.updateTable('user').set({ role }).where('id', '=', id).execute();
}
