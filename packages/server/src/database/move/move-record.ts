import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';

/** What has been copied: all tables before this one, and of this one all rows up to that key. */
export type MovePosition = { table: string; after: readonly unknown[]; rows: number };

export type MoveRecord = {
  /** Which house it is, told by its secret. */
  source: string;
  /** Null before the first row, and where all must be copied anew. */
  position: MovePosition | null;
  finishedAt: number | null;
};

const table = sql.id('houseMove');

/** What the target knows of a move to it; undefined where there never was one. */
export async function readMove(target: Kysely<Tables>): Promise<MoveRecord | undefined> {
  if (!(await hasTable(target, 'houseMove'))) return undefined;
  const { rows } = await sql<{ source: string; position: string | null; finishedAt: number | null }>`
    SELECT source, position, "finishedAt" FROM ${table}`.execute(target);
  const [row] = rows;
  return row && { ...row, position: row.position === null ? null : (JSON.parse(row.position) as MovePosition) };
}

/** Whether a house is only in part there, so that nobody may run on it. */
export async function isMoving(target: Kysely<Tables>): Promise<boolean> {
  const move = await readMove(target);
  return move !== undefined && move.finishedAt === null;
}

export async function beginMove(target: Kysely<Tables>, source: string): Promise<void> {
  await target.transaction().execute(async (trx) => {
    // No part of the schema: only a database that was moved to has it.
    await sql`CREATE TABLE ${table} (
      one BIGINT PRIMARY KEY DEFAULT 1 CHECK (one = 1), source TEXT NOT NULL, position TEXT, "finishedAt" BIGINT)`.execute(
      trx,
    );
    await sql`INSERT INTO ${table} (source) VALUES (${source})`.execute(trx);
  });
}

/** In the transaction of the rows, so that the two never disagree. */
export async function keepPosition(trx: Kysely<Tables>, position: MovePosition | null): Promise<void> {
  await sql`UPDATE ${table} SET position = ${position === null ? null : JSON.stringify(position)}`.execute(trx);
}

export async function finishMove(target: Kysely<Tables>, at: number): Promise<void> {
  await sql`UPDATE ${table} SET "finishedAt" = ${at}`.execute(target);
}

export async function hasTable(target: Kysely<Tables>, name: string): Promise<boolean> {
  const { rows } = await sql<{ found: number }>`
    SELECT to_regclass(quote_ident(${name}::text)) IS NOT NULL AS found`.execute(target);
  return rows[0]?.found === 1;
}
