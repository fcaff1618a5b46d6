import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';
import type { HouseTable } from './house-tables.ts';
import { keepPosition, type MovePosition } from './move-record.ts';
import { type Row, readBatches, unnest } from './read-rows.ts';

export type Copying = {
  source: Kysely<Tables>;
  target: Kysely<Tables>;
  /** Called after each batch with how many rows of the table are there. Throws where the copying must end. */
  onRows(rows: number): void;
};

/** Copies what is behind the position, each batch with the new position in one transaction. */
export async function copyTable(copying: Copying, table: HouseTable, position: MovePosition): Promise<number> {
  const { source, target, onRows } = copying;
  const hasTriggers = await findTriggers(target, table.name);
  let count = position.rows;
  for await (const { rows, after } of readBatches(source, table, position.after)) {
    count += rows.length;
    await target.transaction().execute(async (trx) => {
      // A copied session was not begun now, and a copied revocation has its number: no trigger may fire. They are off for
      // this transaction only, which needs no more rights than the owner of the tables has.
      if (hasTriggers) await switchTriggers(trx, table.name, 'DISABLE');
      await insertRows(trx, table, rows);
      if (hasTriggers) await switchTriggers(trx, table.name, 'ENABLE');
      await keepPosition(trx, { table: table.name, after, rows: count });
    });
    onRows(count);
  }
  return count;
}

async function insertRows(trx: Kysely<Tables>, { name, columns }: HouseTable, rows: readonly Row[]): Promise<void> {
  const names = sql.join(columns.map((column) => sql.ref(column.name)));
  await sql`INSERT INTO ${sql.table(name)} (${names}) SELECT * FROM ${unnest(columns, rows)}`.execute(trx);
}

async function findTriggers(target: Kysely<Tables>, table: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT 1 FROM pg_trigger WHERE tgrelid = to_regclass(quote_ident(${table}::text)) AND NOT tgisinternal LIMIT 1`.execute(
    target,
  );
  return rows.length > 0;
}

async function switchTriggers(trx: Kysely<Tables>, table: string, how: 'DISABLE' | 'ENABLE'): Promise<void> {
  await sql`ALTER TABLE ${sql.table(table)} ${sql.raw(how)} TRIGGER USER`.execute(trx);
}

/** So that the house goes on counting where it stopped; a number that was ever given is never given again. */
export async function continueNumbers(
  source: Kysely<Tables>,
  target: Kysely<Tables>,
  tables: readonly HouseTable[],
): Promise<void> {
  const { rows } = await sql<{ name: string; seq: number }>`SELECT name, seq FROM sqlite_sequence`.execute(source);
  const given = new Map(rows.map(({ name, seq }) => [name, seq]));
  for (const { name } of tables.filter(({ isNumbered }) => isNumbered)) {
    const used = given.get(name) ?? 0;
    await sql`SELECT setval(pg_get_serial_sequence(quote_ident(${name}::text), 'number'),
      greatest((SELECT coalesce(max(number), 0) FROM ${sql.table(name)}), ${used}::bigint) + 1, false)`.execute(target);
  }
  await sql`UPDATE ${sql.id('revocationHead')} SET number =
    greatest((SELECT coalesce(max(number), 0) FROM revocations), ${given.get('revocations') ?? 0}::bigint)`.execute(
    target,
  );
}
