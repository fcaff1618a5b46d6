import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepTrying } from '../src/database/keep-trying.ts';
import { allMigrations, type Migrations } from '../src/database/migrate.ts';
import { migratePostgres } from '../src/database/postgres/migrate-postgres.ts';
import { createLog, silentLog } from '../src/log.ts';
import { findFreePort } from './find-ports.ts';
import { hasPostgres, type PostgresServer, runPsql, startPostgres } from './postgres-server.ts';
import { runToEnd, ServerProcess } from './server-process.ts';
import { testSecret } from './test-database.ts';
import type { TestSocket } from './test-socket.ts';
import { Visitor } from './visitor.ts';

const isMissing = process.env['CI'] !== 'true' && !hasPostgres;

describe.skipIf(isMissing)('the next release brings the schema up to date while this one runs', () => {
  let postgres: PostgresServer;
  let folder: string;
  let url: string;
  let environment: Record<string, string>;
  let server: ServerProcess;
  let saidAtStart: string;
  let ada: Visitor;
  let grace: Visitor;
  let lobby: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parlour-migration-'));
    postgres = await startPostgres();
    runPsql(postgres.url('postgres'), 'CREATE DATABASE house');
    url = postgres.url('house');
    const port = await findFreePort();
    environment = {
      PORT: String(port),
      PUBLIC_URL: 'http://house.example',
      PARLOUR_SECRET: testSecret,
      PARLOUR_RATE_LIMITS: 'off',
      DATABASE_URL: url,
      // As one of several nodes: another one may start beside it. There is no broker, so it says once that it is degraded.
      BROKER_URL: 'amqp://127.0.0.1:1',
    };
    server = await ServerProcess.start({ folder, environment });
    await server.says(/ECONNREFUSED.*\n/);
    saidAtStart = server.errorOutput;
    [ada, grace] = [new Visitor(`http://127.0.0.1:${port}`), new Visitor(`http://127.0.0.1:${port}`)];
    await ada.signUp('Ada');
    await grace.signUp('Grace');
    lobby = (await ada.createRoom('Lobby')).id;
    await grace.join(lobby);
    runPsql(url, `INSERT INTO passkeys VALUES ('key', '${ada.id}', 'Key', '\\x00', 0, '[]', 1, 1, NULL)`);
  });
  afterAll(async () => {
    await server.kill();
    await postgres.remove();
    rmSync(folder, { recursive: true });
  });

  /** Those of this release and more. */
  const next = (more: Migrations): Migrations => ({ ...allMigrations.postgres, ...more });
  const statement = (text: string) => ({
    up: async (db: Kysely<unknown>) => void (await sql.raw(text).execute(db)),
  });
  const tables = ['events', 'rooms', 'members', '"user"', 'session', 'passkeys', 'posts', '"accessTokens"', 'invites'];
  const expand: Migrations = {
    ...Object.fromEntries(
      tables.map((table, i) => [
        `1${i}-more-columns`,
        statement(`ALTER TABLE ${table} ADD COLUMN "addedLater" BIGINT NOT NULL DEFAULT 7`),
      ]),
    ),
    '20-polls': statement(
      'CREATE TABLE polls (id TEXT PRIMARY KEY, room BIGINT NOT NULL REFERENCES rooms(number) ON DELETE CASCADE)',
    ),
    '21-author': statement('CREATE INDEX "eventAuthor" ON events (author)'),
    '22-once': statement('INSERT INTO polls SELECT gen_random_uuid()::text, number FROM rooms LIMIT 1'),
  };
  const onError = (error: unknown) => {
    throw error;
  };

  /** Sends one after another, and reads whatever a page reads, until it is told to stop. */
  class Talk {
    readonly acknowledged: number[] = [];
    slowest = 0;
    #isOver = false;
    readonly #ends: Promise<unknown>;

    constructor(socket: TestSocket, name: string) {
      this.#ends = Promise.all([this.#send(socket, name), this.#read()]);
    }

    async end(): Promise<void> {
      this.#isOver = true;
      await this.#ends;
    }

    /** Until it got through so many times more. */
    async goesOn(times: number): Promise<void> {
      const goal = this.acknowledged.length + times;
      while (this.acknowledged.length < goal) await new Promise((resolve) => setTimeout(resolve, 5));
    }

    async #send(socket: TestSocket, name: string): Promise<void> {
      for (let i = 0; !this.#isOver; i += 1) {
        const from = performance.now();
        const answer = await socket.say(lobby, `${name}-${i}`, `${name} ${i}`);
        if (answer.type === 'error') throw new Error(`${answer.code}: ${answer.detail}`);
        this.slowest = Math.max(this.slowest, performance.now() - from);
        this.acknowledged.push(answer.seq);
      }
    }

    async #read(): Promise<void> {
      const paths = ['account', 'account/passkeys', 'account/sessions', 'account/access-tokens', 'rooms', 'posts'];
      paths.push(`rooms/${lobby}/messages`, `rooms/${lobby}/members`);
      while (!this.#isOver)
        for (const path of paths) {
          const { status } = await ada.request('GET', `/api/${path}`);
          if (status !== 200) throw new Error(`${path}: ${status}`);
        }
    }
  }

  test('I1, I2, I3: once of two that try, and nobody notices', async () => {
    const [talking, listening] = [await ada.connect(), await grace.connect()];
    const { seq: head } = await listening.join(lobby);
    const talk = new Talk(talking, 'during');
    await talk.goesOn(50);
    const migrations = next(expand);
    const migrateOnce = () => keepTrying(() => migratePostgres({ url, onError, migrations }), { log: silentLog });
    await Promise.all([migrateOnce(), migrateOnce()]);
    expect(runPsql(url, 'SELECT count(*) FROM polls')).toBe('1');
    expect(runPsql(url, 'SELECT name FROM kysely_migration ORDER BY name').split('\n')).toEqual(
      Object.keys(migrations),
    );
    await talk.goesOn(50);
    await talk.end();

    const { acknowledged } = talk;
    expect(acknowledged).toEqual(acknowledged.map((_, i) => head + 1 + i));
    const last = acknowledged.at(-1) ?? 0;
    if (!listening.events(lobby).some(({ seq }) => seq === last))
      await listening.next('event', ({ seq }) => seq === last);
    expect(listening.events(lobby).map(({ seq }) => seq)).toEqual(acknowledged);
    const stored = runPsql(url, `SELECT seq FROM events WHERE id LIKE 'during-%' ORDER BY seq`);
    expect(stored.split('\n').map(Number)).toEqual(acknowledged);
    expect(server.errorOutput).toBe(saidAtStart);
    await Promise.all([talking.cut(), listening.cut()]);
  });

  test('the older release goes on with all that it does', async () => {
    const linus = new Visitor(ada.origin);
    await linus.signUp('Linus');
    await linus.signOut();
    await linus.signIn(linus.account.email);
    const room = await linus.createRoom('Afterwards', true);
    await linus.add(room.id, grace);
    await linus.post(room.id, 'after', 'Still here');
    await linus.remove(room.id, grace);
    const made = await Promise.all([
      linus.request('POST', '/api/posts', { title: 'After', body: 'Still here' }),
      linus.request('POST', `/api/rooms/${room.id}/invites`, {}),
      linus.request('POST', '/api/account/access-tokens', { name: 'Bot' }),
    ]);
    expect(made.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(runPsql(url, `SELECT DISTINCT "addedLater" FROM events WHERE id = 'after'`)).toBe('7');
    expect(server.errorOutput).toBe(saidAtStart);
  });

  test('a table that is in use stops the migration and not the node, and it is tried again', async () => {
    const socket = await ada.connect();
    const talk = new Talk(socket, 'locked');
    const release = await holdTable(url, 'events');
    let released: Promise<void> | undefined;
    const migrations = next({ ...expand, '30-late': statement('ALTER TABLE events ADD COLUMN "addedLast" TEXT') });
    const said: string[] = [];
    const log = createLog((line) => {
      said.push(line);
      // It has given way: everybody else has had their turn before it tries again.
      released ??= talk.goesOn(20).then(release);
    });
    await keepTrying(() => migratePostgres({ url, onError, migrations }), { log });
    expect(said).toEqual([
      expect.stringContaining('canceling statement due to lock timeout'),
      expect.stringContaining('The database is there'),
    ]);
    await released;
    await talk.goesOn(20);
    await talk.end();
    // One attempt takes half a second.
    expect(talk.slowest).toBeLessThan(2_000);
    expect(server.errorOutput).toBe(saidAtStart);
    await socket.cut();
  });

  test('an older release does not start on what a newer one has brought up to date', async () => {
    const { code, out, error } = await runToEnd({
      folder,
      environment: { ...environment, PORT: '0' },
    });
    expect(error).toBe(
      'A newer Parlour has brought this house up to date (10-more-columns). Start that version: there is no way back but a backup.\n',
    );
    expect([code, out]).toEqual([1, '']);
    expect((await ada.request('GET', '/health/ready')).status).toBe(200);
  });
});

/** As a backup by pg_dump does: others may read and write the table, and not change what it is. */
async function holdTable(url: string, table: string): Promise<() => void> {
  const shell = spawn('psql', ['-X', '-q', '-d', url], { stdio: ['pipe', 'pipe', 'inherit'] });
  shell.stdin.write(`BEGIN; LOCK TABLE ${table} IN ACCESS SHARE MODE;\n\\echo held\n`);
  await once(shell.stdout, 'data');
  return () => shell.stdin.end('ROLLBACK;\n');
}
