import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byHand } from './by-hand.ts';
import { FaultProxy } from './fault-proxy.ts';
import { findFreePort } from './find-ports.ts';
import { hasPostgres, type PostgresServer, runPsql, startPostgres } from './postgres-server.ts';
import { ServerProcess } from './server-process.ts';
import { testSecret } from './test-database.ts';
import type { TestSocket } from './test-socket.ts';
import { Visitor } from './visitor.ts';

const isMissing = process.env['CI'] !== 'true' && !hasPostgres;

describe.skipIf(isMissing)('a house on PostgreSQL', () => {
  let postgres: PostgresServer;
  let proxy: FaultProxy;
  let folder: string;
  let server: ServerProcess;
  let environment: Record<string, string>;
  let ada: Visitor;
  let lobby: string;

  beforeAll(async () => {
    postgres = await startPostgres({ durable: true });
    proxy = await FaultProxy.open(postgres.port);
    runPsql(postgres.url('postgres'), 'CREATE DATABASE house');
    folder = mkdtempSync(join(tmpdir(), 'parlour-postgres-faults-'));
    const port = await findFreePort();
    environment = {
      PORT: String(port),
      PUBLIC_URL: 'http://house.example',
      PARLOUR_SECRET: testSecret,
      PARLOUR_RATE_LIMITS: 'off',
      DATABASE_URL: `postgres://parlour@127.0.0.1:${proxy.port}/house`,
    };
    server = await ServerProcess.start({ folder, environment });
    ada = new Visitor(`http://127.0.0.1:${port}`);
    await ada.signUp('Ada');
    lobby = (await ada.createRoom('Lobby')).id;
  });
  afterAll(async () => {
    await server.kill();
    proxy.close();
    await postgres.remove();
    rmSync(folder, { recursive: true });
  });

  const storedIds = () =>
    byHand({ folder, databaseUrl: postgres.url('house') }, (db) =>
      db.prepare('SELECT id, seq FROM events WHERE author = ? AND id IS NOT NULL ORDER BY seq').all(ada.id),
    );
  const untilReady = async (status: number) => {
    while ((await ada.request('GET', '/health/ready')).status !== status);
  };

  test('I1, I2, I3, P-SEND-8: loses and doubles nothing when the database is killed, and heals without a restart', async () => {
    const acknowledged: { id: string; seq: number }[] = [];
    for (let round = 0; round < 3; round += 1) {
      const socket = await ada.connect();
      const ids = Array.from({ length: 400 }, (_, i) => `r${round}-${i}`);
      for (const id of ids) socket.send({ type: 'send', room: lobby, id, body: id });
      await socket.next('ack');
      await postgres.kill();
      await postgres.restart();
      await untilReady(200);
      for (const frame of socket.log) if (frame.type === 'ack') acknowledged.push({ id: frame.id, seq: frame.seq });
      const refused = socket.log.filter((frame) => frame.type === 'error').map(({ code }) => code);
      for (const code of refused) expect(['storage_unavailable', 'out_of_turn']).toContain(code);
      await socket.cut();
      const again = await ada.connect();
      acknowledged.push(...(await sendAll(again, ids)));
      await again.cut();
    }
    const stored = new Map(storedIds().map(({ id, seq }) => [String(id), Number(seq)]));
    expect(stored.size).toBe(1_200);
    for (const { id, seq } of acknowledged) expect([id, stored.get(id)]).toEqual([id, seq]);
    expect([...stored.values()]).toEqual(Array.from({ length: 1_200 }, (_, i) => i + 2));
  });

  /** Each once more, one after another, as a client does after a failure. */
  async function sendAll(socket: TestSocket, ids: readonly string[]): Promise<{ id: string; seq: number }[]> {
    const acks: { id: string; seq: number }[] = [];
    for (const id of ids) {
      socket.send({ type: 'send', room: lobby, id, body: id });
      acks.push(await socket.next('ack', (ack) => ack.id === id));
    }
    return acks;
  }

  test('P-REVOKE-4, I7: cut off from the database it says so, holds, then closes with 1012, and heals', async () => {
    const [early, late] = [await ada.connect(), await ada.connect()];
    await early.join(lobby);
    proxy.drop();
    const from = performance.now();
    await untilReady(503);
    early.send({ type: 'typing', room: lobby });
    for (const socket of [early, late]) expect((await socket.closed).code).toBe(1012);
    const held = performance.now() - from;
    expect(held).toBeGreaterThan(4_000);
    expect(held).toBeLessThan(8_000);
    await proxy.pass();
    await untilReady(200);
    const socket = await ada.connect();
    expect((await socket.join(lobby)).room).toBe(lobby);
    await socket.cut();
  });

  test('P-JOIN-5: a join is answered as if it were alone, also where the one before it cannot be', async () => {
    const socket = await ada.connect();
    await socket.join((await ada.createRoom('Elsewhere')).id);
    const holder = new pg.Client(postgres.url('house'));
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE members');
    const findWaiting = async () => {
      const { rows } = await holder.query('SELECT pid FROM pg_locks WHERE NOT granted ORDER BY waitstart');
      return rows.map(({ pid }) => Number(pid));
    };
    for (const waiting of [1, 2]) {
      socket.send({ type: 'join', room: lobby });
      while ((await findWaiting()).length !== waiting);
    }
    const [first] = await findWaiting();
    await holder.query('SELECT pg_terminate_backend($1)', [first]);
    expect(await socket.next('error')).toMatchObject({ room: lobby, code: 'storage_unavailable' });
    await holder.query('COMMIT');
    expect((await socket.next('joined')).room).toBe(lobby);
    await ada.post(lobby, 'after-both', 'Heard');
    expect((await socket.next('event')).room).toBe(lobby);
    await holder.end();
    await socket.cut();
  });
});
