import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { byHand } from '../by-hand.ts';
import { findFreePort } from '../find-ports.ts';
import { runPsql, startPostgres } from '../postgres-server.ts';
import { ServerProcess } from '../server-process.ts';
import { Visitor } from '../visitor.ts';

// Writes what a house of this release is, in both databases, beside this file. Run it when a release is made: from then
// on every start proves that it can still be brought up to date.

const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../../package.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'parlour-old-house-'));
const postgres = await startPostgres();
try {
  runPsql(postgres.url('postgres'), 'CREATE DATABASE house');
  const databaseUrl = postgres.url('house');
  await fill(undefined);
  write('sqlite', dumpSqlite(join(folder, 'parlour.sqlite')));
  await fill(databaseUrl);
  write('postgres', dumpPostgres(databaseUrl));
} finally {
  await postgres.remove();
  rmSync(folder, { recursive: true });
}

async function fill(databaseUrl: string | undefined): Promise<void> {
  const port = await findFreePort();
  const environment = { PORT: String(port), PUBLIC_URL: 'http://house.example', PARLOUR_RATE_LIMITS: 'off' };
  const shared = { DATABASE_URL: databaseUrl ?? '', PARLOUR_SECRET: 'the secret of a house that is written down' };
  const server = await ServerProcess.start({
    folder,
    environment: databaseUrl === undefined ? environment : { ...environment, ...shared },
  });
  const [, claim = ''] = /\/claim\/(\S+)/.exec(server.output) ?? [];
  const [ada, grace, linus] = [1, 2, 3].map(() => new Visitor(`http://127.0.0.1:${port}`)) as [
    Visitor,
    Visitor,
    Visitor,
  ];
  await ada.signUp('Ada', { claim });
  await grace.signUp('Grace');
  await linus.signUp('Linus');
  const lobby = await ada.createRoom('Lobby');
  await grace.join(lobby.id);
  await ada.post(lobby.id, 'first', 'Good morning, @grace: a quote \' and ", a tab\t, 📦 and a \\');
  await grace.post(lobby.id, 'second', 'Good morning');
  const designers = await ada.createRoom('Designers', true);
  for (const person of [grace, linus]) await ada.add(designers.id, person);
  await linus.post(designers.id, 'third', 'Am I to go?');
  await ada.remove(designers.id, linus);
  await ada.request('POST', '/api/posts', { title: 'Opening', body: 'We are open.' });
  await ada.request('POST', `/api/rooms/${designers.id}/invites`, { maxUses: 1 });
  await ada.request('POST', '/api/account/access-tokens', { name: 'Bot' });
  await linus.signOut();
  byHand({ folder, databaseUrl }, (db) => {
    const key = databaseUrl === undefined ? `x'00ff'` : `'\\x00ff'`;
    db.exec(`INSERT INTO passkeys VALUES ('key', '${ada.id}', 'Key', ${key}, 3, '[]', 1, 1, NULL)`);
    db.exec(`INSERT INTO identities VALUES ('staff', 'subject', '${grace.id}', NULL, 1)`);
    // For good: what it grants is not what is tested.
    db.exec('UPDATE accessTokens SET expiresAt = 4102444800000');
  });
  await server.stop();
}

function write(kind: string, lines: string[]): void {
  writeFileSync(join(import.meta.dirname, `${version}.${kind}.sql`), `${lines.join('\n')}\n`);
}

/** Tables and rows come before indexes and triggers, so that reading it in sets none of them off. */
function dumpSqlite(file: string): string[] {
  const db = new DatabaseSync(file);
  const list = (types: string) =>
    db
      .prepare(
        `SELECT name, sql FROM sqlite_master WHERE type IN (${types}) AND name NOT LIKE 'sqlite%' AND sql IS NOT NULL`,
      )
      .all() as { name: string; sql: string }[];
  const tables = list(`'table'`);
  const rows = [...tables.map(({ name }) => name), 'sqlite_sequence'].flatMap((table) => {
    const columns = db.prepare(`SELECT name FROM pragma_table_info('${table}')`).all();
    const values = columns.map(({ name }) => `quote("${name}")`).join(` || ', ' || `);
    const quoted = db.prepare(`SELECT ${values} AS row FROM ${table}`).all();
    return quoted.map(({ row }) => `INSERT INTO ${table} VALUES (${row});`);
  });
  const after = list(`'index', 'trigger'`);
  db.close();
  return [...tables.map(({ sql }) => `${sql};`), ...rows, ...after.map(({ sql }) => `${sql};`)];
}

/** Without settings, which differ from one version of PostgreSQL to the next. */
function dumpPostgres(url: string): string[] {
  const args = ['--inserts', '--no-owner', '--no-privileges', '--no-comments', url];
  const text = execFileSync('pg_dump', args, { encoding: 'utf8' });
  return text.split('\n').filter((line) => !/^(--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict|$)/.test(line));
}
