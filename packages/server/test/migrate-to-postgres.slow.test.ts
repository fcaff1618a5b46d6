import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fillHouse } from '../../../demo/fill-house.ts';
import { FaultProxy } from './fault-proxy.ts';
import { findFreePort } from './find-ports.ts';
import { hasPostgres, type PostgresServer, runPsql, startPostgres } from './postgres-server.ts';
import { ServerProcess } from './server-process.ts';
import { testSecret } from './test-database.ts';
import { testPassword, Visitor } from './visitor.ts';

const isMissing = process.env['CI'] !== 'true' && !hasPostgres;
const program = join(import.meta.dirname, '../../../bin/parlour.ts');
const publicOrigin = 'http://house.example';

describe.skipIf(isMissing)('moving a house to PostgreSQL', () => {
  const parent = mkdtempSync(join(tmpdir(), 'parlour-move-'));
  const house = join(parent, 'house');
  let postgres: PostgresServer;
  let ada: Visitor;
  let linus: Visitor;
  let bot: string;
  let authenticator: TOTP;

  // The sample house, and what it has none of.
  beforeAll(async () => {
    postgres = await startPostgres();
    await fillHouse(house);
    const port = String(await findFreePort());
    const server = await ServerProcess.start({ folder: house, environment: { PUBLIC_URL: publicOrigin, PORT: port } });
    const origin = `http://127.0.0.1:${port}`;
    [ada, linus] = [new Visitor(origin), new Visitor(origin)];
    await ada.signUp('Ada Moving');
    await linus.signUp('Linus Moving');
    const room = await ada.createRoom('Moving', true);
    await ada.add(room.id, linus);
    await ada.post(room.id, 'before', `Boxes for @linus.moving, a tab\t, a quote ' and ", 📦 and a \\`);
    await ada.remove(room.id, linus);
    await ada.request('POST', `/api/rooms/${room.id}/invites`, { maxUses: 1 });
    const token = await ada.request<{ token: string }>('POST', '/api/account/access-tokens', {
      name: 'Bot',
    });
    expect(token.status).toBe(201);
    bot = token.body.token;
    const { body } = await linus.request<{ secret: string }>('POST', '/api/account/second-factor', {});
    authenticator = new TOTP({ secret: body.secret });
    const confirmed = await linus.request('POST', '/api/account/second-factor/confirm', {
      code: authenticator.generate(),
    });
    expect(confirmed.status).toBe(200);
    await server.stop();
    addRareRows(house, ada.id);
  });
  afterAll(async () => {
    await postgres.remove();
    rmSync(parent, { recursive: true });
  });

  const newFolder = () => {
    const folder = join(parent, randomUUID());
    cpSync(house, folder, { recursive: true });
    return folder;
  };
  const newTarget = () => {
    const name = `target_${randomUUID().replaceAll('-', '')}`;
    runPsql(postgres.url('postgres'), `CREATE DATABASE ${name}`);
    return postgres.url(name);
  };
  /** As far as some events, and no further: the way to the target is slow. */
  const moveHalf = async (folder: string, url: string) => {
    const proxy = await FaultProxy.open(postgres.port);
    proxy.delay(8);
    const child = launch(folder, url.replace(String(postgres.port), String(proxy.port)));
    await untilMoving(url, 'events');
    child.kill('SIGKILL');
    await once(child, 'close');
    proxy.close();
  };
  const counts = (url: string) =>
    ['"user"', 'session', 'events', 'audit', 'revocations', 'members'].map((table) =>
      Number(runPsql(url, `SELECT count(*) FROM ${table}`)),
    );

  test('C6, I1: all of it arrives, and whoever was signed in stays signed in', async () => {
    const [folder, url] = [newFolder(), newTarget()];
    const before = readHouse(folder);
    const { code, out, error } = await move(folder, url);
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toMatch(/Copied events: [\d,]+ rows\./);
    expect(out).toMatch(/The house is at DATABASE_URL: 2\d tables, [\d,]+ rows copied in \d+ s, every row compared/);
    expect(out).not.toMatch(/[^\d,]0 rows/);
    const [, secret = ''] = /^PARLOUR_SECRET=(\S+)$/m.exec(out) ?? [];
    for (const [table, rows] of Object.entries(before.counts))
      expect([table, Number(runPsql(url, `SELECT count(*) FROM "${table}"`))]).toEqual([table, rows]);
    expect(Number(runPsql(url, 'SELECT number FROM "revocationHead"'))).toBe(before.lastRevocation);
    const off = `SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'`;
    expect(runPsql(url, off)).toBe('0');

    const port = String(await findFreePort());
    const environment = { DATABASE_URL: url, PARLOUR_SECRET: secret, PUBLIC_URL: publicOrigin, PORT: port };
    const server = await ServerProcess.start({ folder: parent, environment });
    for (const person of [ada, linus]) person.moveTo(`http://127.0.0.1:${port}`);
    expect((await ada.know()).name).toBe('Ada Moving');
    const room = (await ada.rooms()).find(({ name }) => name === 'Moving');
    const socket = await ada.connect();
    const { seq } = await socket.join(room?.id ?? '');
    socket.send({ type: 'send', room: room?.id ?? '', id: 'after', body: 'All there' });
    expect(await socket.next('ack')).toMatchObject({ seq: seq + 1 });
    const { items } = await ada.history(room?.id ?? '');
    expect(items.find((event) => event.event === 'message')).toMatchObject({ id: 'before' });
    const asBot = { authorization: `Bearer ${bot}` };
    expect((await new Visitor(ada.origin).request('GET', '/api/rooms', undefined, asBot)).status).toBe(200);
    // What the authenticator's secret is sealed with came along.
    const again = new Visitor(ada.origin);
    const { email } = linus.account;
    await again.request('POST', '/api/auth/sign-in/email', { email, password: testPassword });
    const next = authenticator.generate({ timestamp: Date.now() + 30_000 });
    const stepped = await again.request('POST', '/api/auth/sign-in/second-factor', { code: next });
    expect(stepped.status).toBe(200);
    // Revocations go on from where they were, and so reach a socket.
    await ada.signOut();
    expect(await socket.closed).toEqual({ code: 4403, reason: 'signed_out' });
    expect(Number(runPsql(url, 'SELECT max(number) FROM revocations'))).toBe(before.lastRevocation + 1);
    await server.stop();
    const second = await move(folder, url);
    expect(second).toMatchObject({ code: 1, error: expect.stringMatching(/^This house was moved .*\.\n$/) });
  });

  test('killed half-way, it goes on where it stopped and ends the same; nobody may start there meanwhile', async () => {
    const [folder, url, whole] = [newFolder(), newTarget(), newTarget()];
    expect((await move(folder, whole)).code).toBe(0);
    await moveHalf(folder, url);
    expect(runPsql(url, `SELECT count(*) FROM events`)).not.toBe('0');
    expect(runPsql(url, `SELECT count(*) FROM session`)).toBe('0');
    const environment = { DATABASE_URL: url, PARLOUR_SECRET: testSecret, PUBLIC_URL: publicOrigin };
    await expect(ServerProcess.start({ folder: parent, environment })).rejects.toThrow('A house is being moved');
    const { code, out } = await move(folder, url);
    expect(out).toMatch(/^Going on with events, after [\d,]+ of its rows\.$/m);
    expect(out).not.toContain('Copied audit');
    expect(code).toBe(0);
    expect(counts(url)).toEqual(counts(whole));
    expect(checksum(url)).toEqual(checksum(whole));
  });

  test('a row that is damaged, missing or too many is named, and the next try copies all anew', async () => {
    const [folder, url] = [newFolder(), newTarget()];
    await moveHalf(folder, url);
    runPsql(
      url,
      `UPDATE events SET body = 'something else' WHERE number = 7;
       DELETE FROM events WHERE number = 9;
       INSERT INTO mentions VALUES ('nobody', 1, 1);`,
    );
    const { code, error } = await move(folder, url);
    expect(code).toBe(1);
    expect(error).toContain('events 7: differs in body');
    expect(error).toMatch(/events: \d+ rows in the data folder, \d+ at DATABASE_URL/);
    expect(error).toContain('events 9: is missing at DATABASE_URL');
    expect(error).toMatch(/mentions: \d+ rows/);
    expect((await move(folder, url)).code).toBe(0);
    expect(runPsql(url, `SELECT count(*) FROM mentions WHERE "user" = 'nobody'`)).toBe('0');
  });

  test('where people came in between two tries, it begins anew', async () => {
    const [folder, url] = [newFolder(), newTarget()];
    await moveHalf(folder, url);
    const db = new DatabaseSync(join(folder, 'parlour.sqlite'));
    db.exec(`
      INSERT INTO user (id, name, handle, email, createdAt, updatedAt)
        VALUES ('late', 'Late', 'late', 'late@example.org', '', '');
      INSERT INTO passwords VALUES ('late', 'hash', 1);`);
    db.close();
    expect(await move(folder, url)).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^The move stopped: .*foreign key.* run the command again.*\n$/),
    });
    const { code, out } = await move(folder, url);
    expect(out).not.toContain('Going on');
    expect(code).toBe(0);
    expect(runPsql(url, `SELECT count(*) FROM passwords WHERE "userId" = 'late'`)).toBe('1');
  });

  test('a house whose server runs is refused, and works on', async () => {
    const [folder, url] = [newFolder(), newTarget()];
    const server = await ServerProcess.start({ folder });
    expect(await move(folder, url)).toMatchObject({
      code: 1,
      error: `The data folder ${folder} is in use by another Parlour.\n`,
    });
    expect(runPsql(url, `SELECT count(*) FROM pg_class WHERE relname = 'rooms'`)).toBe('0');
    expect(await server.stop()).toBe(0);
  });

  test('another house at the target is refused and left alone, whether its server runs or not', async () => {
    const [folder, url] = [newFolder(), newTarget()];
    const environment = { DATABASE_URL: url, PARLOUR_SECRET: testSecret, PUBLIC_URL: publicOrigin };
    const server = await ServerProcess.start({ folder: parent, environment });
    expect(await move(folder, url)).toMatchObject({ code: 1, error: expect.stringContaining('in use by another') });
    await server.stop();
    const before = checksum(url);
    expect(await move(folder, url)).toMatchObject({
      code: 1,
      error: 'The database of DATABASE_URL holds another house. Name an empty one.\n',
    });
    expect(checksum(url)).toEqual(before);
    await (await ServerProcess.start({ folder: parent, environment })).stop();
  });

  test('what it cannot do it says in a line', async () => {
    const folder = newFolder();
    const lines = async (place: string, url: string, more?: Record<string, string>) => {
      const { code, error } = await move(place, url, more);
      return { code, error };
    };
    expect(await lines(folder, '')).toMatchObject({ code: 1, error: expect.stringContaining('DATABASE_URL must') });
    expect(await lines(folder, 'mysql://db/parlour')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^.*\n$/),
    });
    expect(await lines(join(folder, 'none'), postgres.url('none'))).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^There is no house in .*\n$/),
    });
    expect(await lines(folder, postgres.url('none'))).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^The database of DATABASE_URL cannot be opened: .*does not exist\.\n$/),
    });
    expect(await lines(folder, newTarget(), { PARLOUR_SECRET: testSecret })).toMatchObject({
      code: 1,
      error: expect.stringMatching(/^PARLOUR_SECRET is not the secret of this house.*\n$/),
    });
  });
});

type Ended = { code: number | null; out: string; error: string };

function launch(folder: string, url: string, more: Record<string, string> = {}): ChildProcess {
  const path = process.env['PATH'] ?? '';
  const env = { PATH: path, PARLOUR_DATA: folder, DATABASE_URL: url, PUBLIC_URL: publicOrigin, ...more };
  const command = ['--pdeathsig=KILL', '--', process.execPath, program, 'migrate-to-postgres'];
  return spawn('setpriv', command, { env, cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function move(folder: string, url: string, more?: Record<string, string>): Promise<Ended> {
  const child = launch(folder, url, more);
  const said = { out: '', error: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    said.out += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said.error += chunk;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...said };
}

/** Until some rows of the table are there, and not all. */
async function untilMoving(url: string, table: string): Promise<void> {
  for (;;) {
    const marked = runPsql(url, `SELECT to_regclass('"houseMove"') IS NOT NULL`) === 't';
    if (marked && runPsql(url, 'SELECT position FROM "houseMove"').includes(`"${table}"`)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** One row in each table that the house has not filled. */
function addRareRows(folder: string, user: string): void {
  const db = new DatabaseSync(join(folder, 'parlour.sqlite'));
  db.exec(`
    INSERT INTO identities VALUES ('staff', 'subject', '${user}', NULL, 1);
    INSERT INTO usedLogoutTokens VALUES ('hash', 'staff', NULL, 'session', 1, 2);
    INSERT INTO passkeys VALUES ('key', '${user}', 'Key', x'00ff5c275c00', 3, '[]', 1, 1, NULL);
    INSERT INTO oneTimeSecrets VALUES ('hash', 'reset', '${user}', '{}', ${Date.now() + 86_400_000}, 0);
    INSERT INTO removals SELECT number, '${user}', '${user}', 1 FROM rooms WHERE name = 'General';
    INSERT INTO inviteUses SELECT id, '${user}', 1 FROM invites LIMIT 1;
    INSERT INTO user (id, name, handle, email, createdAt, updatedAt) VALUES ('gone', 'Gone', 'gone', 'gone@example.org', '', '');
    INSERT INTO session SELECT 'gone', 'gone', 'gone', createdAt, updatedAt, confirmedAt, expiresAt, ipAddress, userAgent,
      method, provider, providerSubject, providerSession, providerIdToken, replaces, endReason FROM session LIMIT 1;
    INSERT INTO accessTokens VALUES ('gone', 'gone', 'gone', 'Gone', 'read', 1, 2, NULL, NULL);
    UPDATE user SET bannedAt = 1, banReason = 'Noise' WHERE id = 'gone';
    DELETE FROM revocations WHERE number = (SELECT max(number) FROM revocations);
  `);
  const empty = tablesOf(db).filter((table) => countIn(db, table) === 0);
  db.close();
  expect(empty).toEqual([]);
}

function readHouse(folder: string): { counts: Record<string, number>; lastRevocation: number } {
  const db = new DatabaseSync(join(folder, 'parlour.sqlite'));
  const counts = Object.fromEntries(tablesOf(db).map((table) => [table, countIn(db, table)]));
  const last = db.prepare(`SELECT seq FROM sqlite_sequence WHERE name = 'revocations'`).get();
  db.close();
  return { counts, lastRevocation: Number(last?.['seq']) };
}

function tablesOf(db: DatabaseSync): string[] {
  const names = `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'kysely%'`;
  return db
    .prepare(names)
    .all()
    .map(({ name }) => String(name));
}

function countIn(db: DatabaseSync, table: string): number {
  return Number(db.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.['count']);
}

/** Of everything that a house has stored, row by row. */
function checksum(url: string): string[] {
  const tables = ['"user"', 'session', 'rooms', 'members', 'events', 'mentions', 'audit', 'revocations', 'passkeys'];
  return tables.map((table) => runPsql(url, `SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM ${table} t`));
}
