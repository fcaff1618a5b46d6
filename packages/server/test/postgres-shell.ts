import type { Row, Shell } from './by-hand.ts';
import { runPsql } from './postgres-server.ts';

type Value = string | number | null;

/** psql, for statements that are written as for SQLite: one after another, and the test waits. */
export class PostgresShell implements Shell {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  exec(sql: string): void {
    runPsql(this.#url, translate(sql));
  }

  prepare(sql: string) {
    const all = (...values: Value[]): Row[] => {
      const query = fill(translate(sql), values);
      const isRead = /^\s*(select|with)\b/i.test(query) || /\breturning\b/i.test(query);
      if (!isRead) {
        runPsql(this.#url, query);
        return [];
      }
      return JSON.parse(runPsql(this.#url, `WITH r AS (${query}) SELECT coalesce(json_agg(r), '[]') FROM r`)) as Row[];
    };
    return {
      run: (...values: Value[]) => runPsql(this.#url, fill(translate(sql), values)),
      all,
      get: (...values: Value[]) => all(...values)[0],
    };
  }
}

/** Quotes what PostgreSQL would fold to lower case or keeps for itself. */
export function translate(sql: string): string {
  return sql
    .split(/('(?:[^']|'')*')/)
    .map((part) =>
      part.startsWith("'")
        ? part
        : part.replaceAll(/\b(user|[a-z]+[A-Z]\w*)\b/g, '"$1"').replaceAll('json_object(', 'json_build_object('),
    )
    .join('');
}

function fill(sql: string, values: readonly Value[]): string {
  let index = 0;
  return sql.replaceAll('?', () => {
    const value = values[index++] ?? null;
    if (value === null || typeof value === 'number') return String(value);
    return `'${value.replaceAll("'", "''")}'`;
  });
}
