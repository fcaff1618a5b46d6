import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { StartError } from '../../start-error.ts';
import { openDatabase } from '../database.ts';
import { describeFault } from '../describe-fault.ts';
import { migrate } from '../migrate.ts';
import { SqlError } from '../storage-error.ts';
import type { Tables } from '../tables.ts';
import { type Comparison, compareTable } from './compare-table.ts';
import { continueNumbers, copyTable } from './copy-table.ts';
import { type HouseTable, listHouseTables, listTableNames } from './house-tables.ts';
import { beginMove, finishMove, hasTable, keepPosition, readMove } from './move-record.ts';
import { openTarget, type Target } from './open-target.ts';

/** Milliseconds between two lines about one table. */
const progressInterval = 2_000;

export type MoveOptions = {
  folder: string;
  url: string;
  /** Tells this house from every other. */
  house: string;
  say(line: string): void;
};

export type Moved = Comparison & { tables: number };

/**
 * Copies a house from its data folder to PostgreSQL, and compares every row. Nobody else may use either meanwhile. What was
 * stopped goes on where it stopped; after a difference, the next call copies all anew. Throws StartError.
 */
export async function moveHouse({ folder, url, house, say }: MoveOptions): Promise<Moved> {
  await access(join(folder, 'parlour.sqlite')).catch((cause: unknown) => {
    throw new StartError(`There is no house in ${folder}. Name its folder by PARLOUR_DATA.`, cause);
  });
  const source = await openDatabase({ folder, onFatal: () => undefined });
  try {
    const target = await openTarget(url);
    try {
      return await moveTo(target, source.kysely, { house, say });
    } finally {
      await target.close();
    }
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(
      `The move stopped: ${describeFault(error)}. Nothing is lost: run the command again, and it goes on.`,
      error,
    );
  } finally {
    await source.close();
  }
}

async function moveTo(
  target: Target,
  source: Kysely<Tables>,
  { house, say }: Pick<MoveOptions, 'house' | 'say'>,
): Promise<Moved> {
  const { kysely } = target;
  await refuseOthers(kysely, await listTableNames(source), house);
  await migrate(kysely, 'postgres');
  if ((await readMove(kysely)) === undefined) await beginMove(kysely, house);
  const tables = await listHouseTables(source, kysely);
  await copyTables(target, source, tables, say).catch(async (error: unknown) => {
    // What the database itself refuses, it would refuse for ever: the data folder was changed since the last try.
    if (error instanceof SqlError) await keepPosition(kysely, null).catch(() => undefined);
    throw error;
  });
  await continueNumbers(source, kysely, tables);
  await sql`ANALYZE`.execute(kysely);
  const { rows, differences } = await compareTables(target, source, tables, say);
  if (differences.length > 0) await keepPosition(kysely, null);
  else await finishMove(kysely, Date.now());
  return { tables: tables.length, rows, differences };
}

/** Before anything there is changed, its schema included. */
async function refuseOthers(target: Kysely<Tables>, tables: readonly string[], house: string): Promise<void> {
  const move = await readMove(target);
  if (move !== undefined && move.source !== house)
    throw new StartError('Another house was moved, or is being moved, to the database of DATABASE_URL.');
  if (move !== undefined && move.finishedAt !== null)
    throw new StartError(`This house was moved to the database of DATABASE_URL at ${toTime(move.finishedAt)}.`);
  if (move === undefined && (await holdsAnything(target, tables)))
    throw new StartError('The database of DATABASE_URL holds another house. Name an empty one.');
}

async function holdsAnything(target: Kysely<Tables>, tables: readonly string[]): Promise<boolean> {
  for (const table of tables) {
    if (!(await hasTable(target, table))) continue;
    const { rows } = await sql`SELECT 1 FROM ${sql.table(table)} LIMIT 1`.execute(target);
    if (rows.length > 0) return true;
  }
  return false;
}

async function copyTables(
  target: Target,
  source: Kysely<Tables>,
  tables: readonly HouseTable[],
  say: (line: string) => void,
): Promise<void> {
  const start = (await readMove(target.kysely))?.position ?? null;
  const names = tables.map(({ name }) => name);
  if (start === null) await sql`TRUNCATE ${sql.join(names.map((name) => sql.table(name)))}`.execute(target.kysely);
  else say(`Going on with ${start.table}, after ${start.rows.toLocaleString('en')} of its rows.`);
  for (const table of tables.slice(start === null ? 0 : names.indexOf(start.table))) {
    let toldAt = performance.now();
    const onRows = (rows: number) => {
      target.check();
      if (performance.now() - toldAt < progressInterval) return;
      toldAt = performance.now();
      say(`Copying ${table.name}: ${rows.toLocaleString('en')} rows …`);
    };
    const position = start?.table === table.name ? start : { table: table.name, after: [], rows: 0 };
    const rows = await copyTable({ source, target: target.kysely, onRows }, table, position);
    say(`Copied ${table.name}: ${rows.toLocaleString('en')} rows.`);
  }
}

async function compareTables(
  target: Target,
  source: Kysely<Tables>,
  tables: readonly HouseTable[],
  say: (line: string) => void,
): Promise<Comparison> {
  const all: Comparison = { rows: 0, differences: [] };
  for (const table of tables) {
    target.check();
    const { rows, differences } = await compareTable(source, target.kysely, table);
    if (differences.length === 0) say(`Compared ${table.name}: the same.`);
    all.rows += rows;
    all.differences.push(...differences);
  }
  return all;
}

function toTime(milliseconds: number): string {
  return new Date(milliseconds).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' });
}
