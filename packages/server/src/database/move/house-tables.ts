import { type Kysely, sql } from 'kysely';
import type { Tables } from '../tables.ts';

export type Column = {
  name: string;
  /** As PostgreSQL calls it. */
  type: string;
};

export type HouseTable = {
  name: string;
  columns: Column[];
  /** The names of its primary key, in order. */
  key: string[];
  /** Whether the target numbers its rows by itself. */
  isNumbered: boolean;
};

type SourceColumn = { table: string; name: string; pk: number };
type Reference = { table: string; parent: string };
type TargetColumn = { table: string; name: string; type: string; isIdentity: number };

/**
 * Every table of a house with its columns, those that others refer to first. They are read from both databases, so that no
 * table of a later schema is forgotten. Throws where the target has none to take one of them.
 */
export async function listHouseTables(source: Kysely<Tables>, target: Kysely<Tables>): Promise<HouseTable[]> {
  const columns = await readSourceColumns(source);
  const types = await readTargetColumns(target);
  const names = orderByReference([...new Set(columns.map(({ table }) => table))], await readReferences(source));
  return names.map((name) => {
    const own = columns.filter(({ table }) => table === name);
    const there = types.filter(({ table }) => table === name);
    const missing = own.find((column) => !there.some((candidate) => candidate.name === column.name));
    if (missing !== undefined) throw new Error(`the target has no column ${name}.${missing.name}`);
    return {
      name,
      columns: there
        .filter((column) => own.some((candidate) => candidate.name === column.name))
        .map((column) => ({ name: column.name, type: column.type })),
      key: own
        .filter(({ pk }) => pk > 0)
        .sort((a, b) => a.pk - b.pk)
        .map((column) => column.name),
      isNumbered: there.some(({ isIdentity }) => isIdentity === 1),
    };
  });
}

const houseTable = sql.raw(`t.type = 'table' AND t.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
  AND t.name NOT LIKE 'kysely\\_%' ESCAPE '\\'`);

/** The names of its tables alone, where there may be no target yet. */
export async function listTableNames(source: Kysely<Tables>): Promise<string[]> {
  return [...new Set((await readSourceColumns(source)).map(({ table }) => table))];
}

async function readSourceColumns(source: Kysely<Tables>): Promise<SourceColumn[]> {
  const { rows } = await sql<SourceColumn>`
    SELECT t.name AS "table", c.name, c.pk FROM sqlite_master t JOIN pragma_table_info(t.name) c
    WHERE ${houseTable} ORDER BY t.name, c.cid`.execute(source);
  return rows;
}

async function readReferences(source: Kysely<Tables>): Promise<Reference[]> {
  const { rows } = await sql<Reference>`
    SELECT t.name AS "table", f."table" AS parent FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f
    WHERE ${houseTable}`.execute(source);
  return rows;
}

async function readTargetColumns(target: Kysely<Tables>): Promise<TargetColumn[]> {
  const { rows } = await sql<TargetColumn>`
    SELECT c.relname AS "table", a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
      a.attidentity <> '' AS "isIdentity"
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relkind = 'r' AND pg_table_is_visible(c.oid) AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum`.execute(target);
  return rows;
}

/** Sorts so that a table comes after all that it refers to. */
export function orderByReference(names: readonly string[], references: readonly Reference[]): string[] {
  const ordered = new Set<string>();
  const place = (name: string, trail: readonly string[]) => {
    if (ordered.has(name)) return;
    if (trail.includes(name)) throw new Error(`tables refer to each other: ${[...trail, name].join(', ')}`);
    for (const { table, parent } of references) if (table === name && parent !== name) place(parent, [...trail, name]);
    ordered.add(name);
  };
  for (const name of names) place(name, []);
  return [...ordered];
}
