import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { byHand } from './by-hand.ts';
import { findFreePort } from './find-ports.ts';
import { hasPostgres, type PostgresServer, runPsql, startPostgres } from './postgres-server.ts';
import { ServerProcess } from './server-process.ts';
import { testSecret } from './test-database.ts';
import { Visitor } from './visitor.ts';

const isMissing = process.env['CI'] !== 'true' && !hasPostgres;
/** What write-old-house.ts wrote when a release was made. */
const houses = globSync('old-houses/*.sql', { cwd: import.meta.dirname })
  .sort()
  .map((file) => basename(file, '.sql'));
const keptTables = ['user', 'rooms', 'members', 'events', 'mentions', 'posts', 'invites', 'passkeys', 'identities'];

describe.skipIf(isMissing)('a house of an earlier release', () => {
  let postgres: PostgresServer;
  let folder: string;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.remove());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parlour-old-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const start = async (databaseUrl: string | undefined, place = folder) => {
    const PORT = String(await findFreePort());
    const shared = { DATABASE_URL: databaseUrl ?? '', PARLOUR_SECRET: testSecret };
    const environment = { PORT, PUBLIC_URL: 'http://house.example', ...(databaseUrl === undefined ? {} : shared) };
    return { server: await ServerProcess.start({ folder: place, environment }), origin: `http://127.0.0.1:${PORT}` };
  };
  const makeDatabase = (name: string) => {
    runPsql(postgres.url('postgres'), `CREATE DATABASE "${name}"`);
    return postgres.url(name);
  };

  test('there is one of each database', () => {
    expect(houses).toContain('0.1.0.postgres');
    expect(houses).toContain('0.1.0.sqlite');
  });

  test.each(houses)('%s is brought up to date with all that is in it, and goes on', async (house) => {
    const text = readFileSync(join(import.meta.dirname, 'old-houses', `${house}.sql`), 'utf8');
    const databaseUrl = house.endsWith('postgres') ? makeDatabase(house) : undefined;
    if (databaseUrl === undefined) readIn(join(folder, 'parlour.sqlite'), text);
    else runPsql(databaseUrl, text);
    const place = { folder, databaseUrl };
    const count = () =>
      keptTables.map((table) => byHand(place, (db) => db.prepare(`SELECT count(*) AS rows FROM ${table}`).get()));
    const before = count();

    const { server, origin } = await start(databaseUrl);
    expect(count()).toEqual(before);
    const [ada, grace] = [new Visitor(origin), new Visitor(origin)];
    await ada.signIn('ada@example.org');
    await grace.signIn('grace@example.org');
    const rooms = await grace.rooms();
    expect(rooms.filter(({ member }) => member).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Lobby', 'Designers']),
    );
    const lobby = rooms.find(({ name }) => name === 'Lobby')?.id ?? '';
    const { items } = await ada.history(lobby);
    const said = items.flatMap((event) => (event.event === 'message' ? [event.body] : []));
    expect(said).toEqual(['Good morning, @grace: a quote \' and ", a tab\t, 📦 and a \\', 'Good morning']);
    const head = items.at(-1)?.seq ?? 0;
    expect((await ada.post(lobby, 'second', 'Mine')).seq).toBe(head + 1);
    expect((await grace.post(lobby, 'second', 'Good morning')).seq).toBe(head);
    expect((await ada.request<{ role: string }>('GET', '/api/account')).body.role).toBe('owner');
    for (const path of ['/api/posts', '/api/account/access-tokens', '/api/account/passkeys']) {
      const { body } = await ada.request<{ items: unknown[] }>('GET', path);
      expect([path, body.items]).toEqual([path, [expect.anything()]]);
    }
    await server.stop();

    // Nobody has edited a migration that was released: a new house is made by the same ones.
    const newFolder = mkdtempSync(join(tmpdir(), 'parlour-new-'));
    const newUrl = databaseUrl && makeDatabase(`${house}.new`);
    await (await start(newUrl, newFolder)).server.stop();
    expect(readSchema({ folder, databaseUrl })).toEqual(readSchema({ folder: newFolder, databaseUrl: newUrl }));
    rmSync(newFolder, { recursive: true });
  });
});

function readIn(file: string, text: string): void {
  const db = new DatabaseSync(file);
  db.exec(text);
  db.close();
}

function readSchema({ folder, databaseUrl }: { folder: string; databaseUrl: string | undefined }): string[] {
  if (databaseUrl === undefined) {
    const db = new DatabaseSync(join(folder, 'parlour.sqlite'));
    const rows = db.prepare('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name').all();
    db.close();
    return rows.map(({ sql }) => String(sql));
  }
  const args = ['--schema-only', '--no-owner', '--no-privileges', databaseUrl];
  const text = execFileSync('pg_dump', args, { encoding: 'utf8' });
  return text.split('\n').filter((line) => !/^(--|\\(un)?restrict|$)/.test(line));
}
