import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { migratePostgres } from '../src/database/postgres/migrate-postgres.ts';
import { FaultProxy } from './fault-proxy.ts';
import { findFreePort } from './find-ports.ts';
import { hasPostgres, type PostgresServer, runPsql, startPostgres } from './postgres-server.ts';
import { RabbitmqServer, skipsRabbitmq } from './rabbitmq-server.ts';
import { runToEnd, ServerProcess } from './server-process.ts';
import { testSecret } from './test-database.ts';

const isMissing = process.env['CI'] !== 'true' && (!hasPostgres || skipsRabbitmq);
const password = 'do-not-tell';

describe.skipIf(isMissing)('a node that is started before what it needs', () => {
  let postgres: PostgresServer;
  let folder: string;
  let databases = 0;
  const running: ServerProcess[] = [];
  const others: Server[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parlour-early-'));
    postgres = await startPostgres({
      access: ['host all guarded all scram-sha-256', 'host all unwanted all reject'],
    });
    runPsql(
      postgres.url('postgres'),
      `CREATE USER guarded PASSWORD 'another'; CREATE USER unwanted; CREATE USER powerless;
       CREATE DATABASE ascii ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0; CREATE DATABASE taken CONNECTION LIMIT 0;`,
    );
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.kill()));
    for (const server of others.splice(0)) server.close();
  });
  afterAll(async () => {
    await postgres.remove();
    rmSync(folder, { recursive: true });
  });

  /** The address of a new, empty database. */
  const makeHouse = () => {
    databases += 1;
    runPsql(postgres.url('postgres'), `CREATE DATABASE house_${databases}`);
    return postgres.url(`house_${databases}`);
  };
  const launch = async (environment: Record<string, string>) => {
    const port = await findFreePort();
    const server = ServerProcess.launch({ folder, environment: { ...settings, PORT: String(port), ...environment } });
    running.push(server);
    const ask = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}/health/${path}`);
      return { status: response.status, body: await response.json() };
    };
    return { server, ask };
  };
  const settings = { PUBLIC_URL: 'http://house.example', PARLOUR_SECRET: testSecret };
  const isWaiting = /"level":"warn".*It is tried again until it can\./;
  const count = (text: string, what: RegExp) => text.split('\n').filter((line) => what.test(line)).length;

  test('waits for its database, says why in one line, is alive meanwhile and ready afterwards', async () => {
    const url = makeHouse();
    await postgres.stop();
    const { server, ask } = await launch({ DATABASE_URL: url });
    await server.says(isWaiting);
    const reason = `The database cannot be used yet: connect ECONNREFUSED 127.0.0.1:${postgres.port}.`;
    expect(server.errorOutput).toContain(reason);
    expect(await ask('live')).toEqual({ status: 200, body: { status: 'live' } });
    expect(await ask('ready')).toEqual({ status: 503, body: { status: 'unavailable', reason } });
    await postgres.restart();
    await server.ready();
    expect(await ask('ready')).toEqual({ status: 200, body: { status: 'ready' } });
    // What it says here and what it says there may be read in either order.
    await server.says(/"The database is there".*\n/);
    expect(count(server.errorOutput, /ECONNREFUSED/)).toBe(1);
    expect(count(server.errorOutput, /"The database is there"/)).toBe(1);
    expect(await server.stop()).toBe(0);
  });

  test.each([
    [
      'the name of its machine is not known yet',
      (url: URL) => Object.assign(url, { host: 'nowhere.invalid' }),
      /nowhere/,
    ],
    ['it has no connection left', (url: URL) => Object.assign(url, { pathname: '/taken' }), /too many connections/],
  ])('waits where %s', async (_what, change, why) => {
    const url = new URL(postgres.url('postgres'));
    url.username = 'powerless';
    const { server } = await launch({ DATABASE_URL: change(url).href });
    await server.says(isWaiting);
    expect(server.errorOutput).toMatch(why);
    expect(server.errorOutput.trimEnd().split('\n')).toHaveLength(1);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 on %s while it waits', async (signal) => {
    const { server } = await launch({ DATABASE_URL: `postgres://parlour@127.0.0.1:${await findFreePort()}/house` });
    await server.says(isWaiting);
    const from = performance.now();
    expect(await server.stop(signal)).toBe(0);
    expect(performance.now() - from).toBeLessThan(2_000);
    expect(server.errorOutput.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a network that swallows an answer in the middle of a start is waited for by seconds', async () => {
    const url = new URL(makeHouse());
    const onError = () => undefined;
    await migratePostgres({ url: url.href, onError });
    const proxy = await FaultProxy.open(Number(url.port));
    const database = url.pathname.slice(1);
    url.port = String(proxy.port);
    url.hostname = '127.0.0.1';
    // Slow enough to be cut between a question and its answer.
    proxy.delay(200);
    const looking = migratePostgres({ url: url.href, onError });
    const asked = `SELECT count(*) FROM pg_stat_activity WHERE datname = '${database}' AND query LIKE '%migration%'
      AND application_name = 'parlour'`;
    await expect.poll(() => runPsql(postgres.url('postgres'), asked)).toBe('1');
    proxy.drop();
    const from = performance.now();
    await expect(looking).rejects.toMatchObject({ code: 'storage_unavailable' });
    expect(performance.now() - from).toBeLessThan(15_000);
    await proxy.pass();
    await migratePostgres({ url: url.href, onError });
    proxy.close();
  });

  test('without a broker waits for another node to give the database up', async () => {
    const DATABASE_URL = makeHouse();
    const first = await launch({ DATABASE_URL });
    await first.server.ready();
    const second = await launch({ DATABASE_URL });
    await second.server.says(isWaiting);
    expect(second.server.errorOutput).toContain(
      'The database of DATABASE_URL is in use by another Parlour. Several need BROKER_URL. It is tried again',
    );
    expect((await second.ask('ready')).status).toBe(503);
    await first.server.kill();
    await second.server.ready();
    expect(count(second.server.errorOutput, isWaiting)).toBe(1);
  });

  test('a node without a broker and those with one never work on a database at the same time', async () => {
    const shared = { DATABASE_URL: makeHouse(), BROKER_URL: 'amqp://127.0.0.1:1' };
    const { BROKER_URL, ...alone } = shared;
    const first = await launch(shared);
    await first.server.ready();
    const second = await launch(shared);
    await second.server.ready();
    const forgotten = await launch(alone);
    await forgotten.server.says(isWaiting);
    await first.server.kill();
    expect((await forgotten.ask('ready')).status).toBe(503);
    await second.server.kill();
    await forgotten.server.ready();
    const third = await launch(shared);
    await third.server.says(isWaiting);
    expect(third.server.errorOutput).toContain('is in use by another Parlour without BROKER_URL.');
    await forgotten.server.kill();
    await third.server.ready();
  });

  const speak = async (answer: string) => {
    const port = await findFreePort();
    others.push(createServer((socket) => socket.on('error', () => undefined).end(answer)).listen(port, '127.0.0.1'));
    return String(port);
  };
  type Change = (url: URL) => URL | Promise<URL>;
  const without: [string, Change, RegExp][] = [
    ['the password is wrong', (url) => Object.assign(url, { username: 'guarded' }), /password authentication failed/],
    [
      'there is no password',
      (url) => Object.assign(url, { username: 'guarded', password: '' }),
      /password must be a .*string/,
    ],
    [
      'the server does not want that user',
      (url) => Object.assign(url, { username: 'unwanted' }),
      /pg_hba\.conf rejects/,
    ],
    ['there is no such database', (url) => Object.assign(url, { pathname: '/nowhere' }), /"nowhere" does not exist/],
    [
      'the user may not make tables',
      (url) => Object.assign(url, { username: 'powerless' }),
      /permission denied for schema public/,
    ],
    ['the database is not in UTF-8', (url) => Object.assign(url, { pathname: '/ascii' }), /encoding is SQL_ASCII/],
    ['it takes no TLS', (url) => Object.assign(url, { search: 'sslmode=verify-full' }), /does not support SSL/],
    [
      'the file of its CA is missing',
      (url) => Object.assign(url, { search: 'sslmode=verify-full&sslrootcert=/nowhere/ca.pem' }),
      /no such file.*ca\.pem/,
    ],
    [
      'a web server answers there',
      async (url) => Object.assign(url, { port: await speak('HTTP/1.1 400 Bad Request\r\n\r\n') }),
      /what answers there is no PostgreSQL/,
    ],
    [
      'a broker answers there',
      async (url) => Object.assign(url, { port: await speak('AMQP\0\0\x09\x01') }),
      /what answers there is no PostgreSQL/,
    ],
  ];
  test.each(without)('does not wait where %s: one line without the password, and 1', async (_what, change, why) => {
    const url = new URL(makeHouse());
    url.password = password;
    const DATABASE_URL = (await change(url)).href;
    const { code, out, error } = await runToEnd({ folder, environment: { ...settings, PORT: '0', DATABASE_URL } });
    expect(error).toMatch(why);
    expect(error).toMatch(/^The database of DATABASE_URL cannot be opened: .+\.\n$/);
    expect(error).not.toContain(password);
    expect([code, out]).toEqual([1, expect.stringMatching(/^$/)]);
  });

  test('does not wait for its broker: it is degraded, says why in one line, and reaches it when it is there', async () => {
    const rabbitmq = await RabbitmqServer.start();
    await rabbitmq.kill();
    const { server, ask } = await launch({ DATABASE_URL: makeHouse(), BROKER_URL: rabbitmq.url });
    await server.ready();
    await server.says(/ECONNREFUSED.*\n/);
    const reason = expect.stringContaining(`connect ECONNREFUSED 127.0.0.1:${rabbitmq.port}`);
    expect(await ask('ready')).toEqual({ status: 200, body: { status: 'degraded', reason } });
    expect(count(server.errorOutput, /ECONNREFUSED/)).toBe(1);
    await rabbitmq.restart();
    await server.says(/The broker is reached/);
    expect(await ask('ready')).toEqual({ status: 200, body: { status: 'ready' } });
    await rabbitmq.stop();
  });
});
