import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';
import type { HouseTable } from './house-tables.ts';
import { countRows, type Row, readBatches, toTarget, unnest } from './read-rows.ts';

/** More of one table help nobody. */
const namedDifferences = 5;

export type Comparison = {
  rows: number;
  /** A sentence each. */
  differences: string[];
};

/**
 * Looks up every row of the source at the target by its key, and counts both: where all are found and the counts agree, the
 * two hold the same.
 */
export async function compareTable(
  source: Kysely<Tables>,
  target: Kysely<Tables>,
  table: HouseTable,
): Promise<Comparison> {
  const [here, there] = await Promise.all([countRows(source, table.name), countRows(target, table.name)]);
  const differences =
    here === there ? [] : [`${table.name}: ${here} rows in the data folder, ${there} at DATABASE_URL`];
  for await (const { rows } of readBatches(source, table)) {
    const found = await findRows(target, table, rows);
    for (const row of rows) {
      const key = keyOf(table, row);
      const difference = describeDifference(table, row, found.get(key));
      if (difference !== undefined) differences.push(`${table.name} ${key}: ${difference}`);
      if (differences.length >= namedDifferences) return { rows: here, differences };
    }
  }
  return { rows: here, differences };
}

async function findRows(target: Kysely<Tables>, table: HouseTable, rows: readonly Row[]): Promise<Map<string, Row>> {
  const { name, columns, key } = table;
  const keyColumns = key.flatMap((wanted) => columns.filter((column) => column.name === wanted));
  const names = sql.join(columns.map((column) => sql.ref(`t.${column.name}`)));
  const keys = sql.join(key.map((column) => sql.ref(column)));
  const matches = sql.join(
    key.map((column) => sql`${sql.ref(`t.${column}`)} = ${sql.ref(`k.${column}`)}`),
    sql` AND `,
  );
  const found = await sql<Row>`
    SELECT ${names} FROM ${unnest(keyColumns, rows)} AS k(${keys}) JOIN ${sql.table(name)} AS t ON ${matches}`.execute(
    target,
  );
  return new Map(found.rows.map((row) => [keyOf(table, row), row]));
}

function keyOf({ key }: HouseTable, row: Row): string {
  return key.map((column) => toTarget(row[column])).join(', ');
}

function describeDifference({ columns }: HouseTable, here: Row, there: Row | undefined): string | undefined {
  if (there === undefined) return 'is missing at DATABASE_URL';
  const different = columns.filter(({ name }) => !isSame(toTarget(here[name]), there[name])).map(({ name }) => name);
  return different.length === 0 ? undefined : `differs in ${different.join(', ')}`;
}

function isSame(here: unknown, there: unknown): boolean {
  if (Buffer.isBuffer(here) && there instanceof Uint8Array) return here.equals(there);
  return here === there;
}
