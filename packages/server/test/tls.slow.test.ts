import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Authority } from './certificates.ts';
import { findFreePort } from './find-ports.ts';
import { hasPostgres, type PostgresServer, startPostgres } from './postgres-server.ts';
import { RabbitmqServer, skipsRabbitmq } from './rabbitmq-server.ts';
import { runToEnd, ServerProcess } from './server-process.ts';
import { testSecret } from './test-database.ts';

const isMissing = process.env['CI'] !== 'true' && (!hasPostgres || skipsRabbitmq);

describe.skipIf(isMissing)('TLS to the database and the broker, with certificates of a private authority', () => {
  let folder: string;
  let authority: Authority;
  let stranger: Authority;
  let postgres: PostgresServer;
  let rabbitmq: RabbitmqServer;
  const running: ServerProcess[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parlour-tls-'));
    [authority, stranger] = [new Authority(folder, 'authority'), new Authority(folder, 'stranger')];
    // Not localhost, which is therefore a wrong name for the same machine.
    const certificate = authority.issue('IP:127.0.0.1');
    [postgres, rabbitmq] = await Promise.all([
      startPostgres({ certificate, access: ['hostnossl all all all reject'] }),
      RabbitmqServer.start(certificate),
    ]);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.kill()));
  });
  afterAll(async () => {
    await Promise.all([postgres.remove(), rabbitmq.stop()]);
    rmSync(folder, { recursive: true });
  });

  const databaseUrl = (query: string) => `${postgres.url('postgres')}?sslmode=verify-full${query}`;
  const brokerUrl = (host = '127.0.0.1') => `amqps://guest:guest@${host}:${rabbitmq.port}`;
  const settings = { PUBLIC_URL: 'http://house.example', PARLOUR_SECRET: testSecret };
  const start = async (environment: Record<string, string>) => {
    const port = await findFreePort();
    const server = await ServerProcess.start({
      folder,
      environment: { ...settings, PORT: String(port), ...environment },
    });
    running.push(server);
    const ask = async () => await (await fetch(`http://127.0.0.1:${port}/health/ready`)).json();
    return { server, ask };
  };

  test('both are reached where NODE_EXTRA_CA_CERTS names the authority', async () => {
    const { server, ask } = await start({
      DATABASE_URL: databaseUrl(''),
      BROKER_URL: brokerUrl(),
      NODE_EXTRA_CA_CERTS: authority.file,
    });
    await server.says(/The broker is reached/);
    expect(await ask()).toEqual({ status: 'ready' });
    expect(server.errorOutput.trimEnd().split('\n')).toHaveLength(1);
  });

  test('the database is reached where its address names the authority', async () => {
    const { ask } = await start({ DATABASE_URL: databaseUrl(`&sslrootcert=${authority.file}`) });
    expect(await ask()).toEqual({ status: 'ready' });
  });

  test.each([
    ['no authority is named', () => databaseUrl(''), /unable to (verify|get)/],
    ['another authority is named', () => databaseUrl(`&sslrootcert=${stranger.file}`), /unable to (verify|get)/],
    [
      'the certificate is for another name',
      () => databaseUrl(`&sslrootcert=${authority.file}`).replace('127.0.0.1', 'localhost'),
      /does not match certificate/,
    ],
  ])('a database is refused where %s: one line, and 1', async (_what, makeUrl, why) => {
    const { code, out, error } = await runToEnd({
      folder,
      environment: { ...settings, PORT: '0', DATABASE_URL: makeUrl() },
    });
    expect(error).toMatch(why);
    expect(error).toMatch(/^The database of DATABASE_URL cannot be opened: .+\.\n$/);
    expect([code, out]).toEqual([1, '']);
  });

  test.each([
    ['no authority is named', () => ({ BROKER_URL: brokerUrl() }), /unable to (verify|get)/],
    [
      'another authority is named',
      () => ({ BROKER_URL: brokerUrl(), NODE_EXTRA_CA_CERTS: stranger.file }),
      /unable to (verify|get)/,
    ],
    [
      'the certificate is for another name',
      () => ({ BROKER_URL: brokerUrl('localhost'), NODE_EXTRA_CA_CERTS: authority.file }),
      /does not match certificate/,
    ],
  ])('a broker is refused where %s: one line, and degraded', async (_what, makeSettings, why) => {
    const { server, ask } = await start({
      DATABASE_URL: databaseUrl(`&sslrootcert=${authority.file}`),
      ...makeSettings(),
    });
    await server.says(/cannot be relied on/);
    expect(server.errorOutput).toMatch(why);
    expect(server.errorOutput.trimEnd().split('\n')).toHaveLength(1);
    expect(await ask()).toEqual({ status: 'degraded', reason: expect.stringMatching(why) });
  });
});
