import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tables } from '../tables.ts';
import type { Column, HouseTable } from './house-tables.ts';

export type Row = Record<string, unknown>;
export type Batch = { rows: Row[]; after: readonly unknown[] };

/** Small enough that a batch of the longest texts fits into memory many times. */
const batchRows = 500;

/** All rows of the source in the order of their keys, from behind that key on. */
export async function* readBatches(
  source: Kysely<Tables>,
  { name, columns, key }: HouseTable,
  from: readonly unknown[] = [],
): AsyncGenerator<Batch> {
  const names = sql.join(columns.map((column) => sql.ref(column.name)));
  const keys = sql.join(key.map((column) => sql.ref(column)));
  for (let after = from; ; ) {
    const behind = after.length === 0 ? sql`` : sql`WHERE (${keys}) > (${sql.join(after)})`;
    const { rows } = await sql<Row>`
      SELECT ${names} FROM ${sql.table(name)} ${behind} ORDER BY ${keys} LIMIT ${sql.lit(batchRows)}`.execute(source);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = key.map((column) => last[column]);
    yield { rows, after };
  }
}

/** The rows as a table of the target's own types, in one parameter a column. */
export function unnest(columns: readonly Column[], rows: readonly Row[]): RawBuilder<unknown> {
  const arrays = columns.map(({ name, type }) => sql`${rows.map((row) => toTarget(row[name]))}::${sql.raw(type)}[]`);
  return sql`unnest(${sql.join(arrays)})`;
}

/** A value as the target will hold it: PostgreSQL knows no U+0000, which no text of a house has. */
export function toTarget(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value);
  return typeof value === 'string' ? value.replaceAll('\0', '\uFFFD') : value;
}

export async function countRows(db: Kysely<Tables>, table: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM ${sql.table(table)}`.execute(db);
  return rows[0]?.count ?? 0;
}
