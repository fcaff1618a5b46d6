import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byHand } from './by-hand.ts';
import { Sender } from './crash/sender.ts';
import { ServerProcess } from './server-process.ts';
import { Visitor } from './visitor.ts';

const people = 20;
const roomCount = 5;
const kills = 10;

type Row = { seq: number; kind: string; id: string | null; author: string; body: string | null };

describe('a server that is killed at any moment', () => {
  let folder: string;
  let server: ServerProcess;
  const environment = { PARLOUR_RATE_LIMITS: 'off' };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parlour-crash-'));
    server = await ServerProcess.start({ folder, environment });
  });
  afterAll(async () => {
    await server.kill();
    rmSync(folder, { recursive: true });
  });

  test(`I1, I2, I3, I4, P-SEND-1: ${kills} times over, loses and doubles nothing that it acknowledged`, async () => {
    const visitors = await Promise.all(Array.from({ length: people }, (_, i) => signUp(`Person ${i}`)));
    const rooms = await makeRooms(visitors);
    let left = Number.POSITIVE_INFINITY;
    let kill: Promise<void> | undefined;
    const onAck = () => {
      left -= 1;
      if (left <= 0) kill ??= server.kill();
    };
    const senders = visitors.map((visitor, i) => new Sender(`p${i}`, visitor, rooms, onAck));

    for (let i = 0; i < kills; i += 1) {
      kill = undefined;
      // Between the first acknowledgement and the two-thousandth: mostly in the midst of many commits.
      left = 1 + Math.floor(Math.random() ** 2 * 2_000);
      await Promise.all(senders.map((sender) => connectUntilKilled(sender)));
      await Promise.all(senders.map((sender) => sender.lost()));
      await kill;
      server = await ServerProcess.start({ folder, environment });
      for (const visitor of visitors) visitor.moveTo(server.origin);
    }
    left = Number.POSITIVE_INFINITY;
    await Promise.all(senders.map((sender) => sender.connect()));
    await Promise.all(senders.map((sender) => sender.finish()));

    const stored = new Map(rooms.map((room) => [room, readRows(room)]));
    await Promise.all(
      senders.map((sender) => sender.catchUp(new Map([...stored].map(([id, rows]) => [id, rows.length])))),
    );
    console.info(`crash: ${senders.reduce((sum, { acknowledged }) => sum + acknowledged, 0)} acknowledged`);
    for (const sender of senders) {
      expect(sender.broken).toEqual([]);
      for (const [room, rows] of stored) compare(sender, room, rows);
    }
    await Promise.all(senders.map((sender) => sender.close()));
    expect(server.errorOutput).not.toContain('"level":"error"');
  });

  async function signUp(name: string): Promise<Visitor> {
    const visitor = new Visitor(server.origin);
    await visitor.signUp(name);
    return visitor;
  }

  async function makeRooms([owner, ...others]: Visitor[]): Promise<string[]> {
    if (owner === undefined) throw new Error('nobody is here');
    const rooms: string[] = [];
    for (let i = 0; i < roomCount; i += 1) rooms.push((await owner.createRoom(`Room ${i}`)).id);
    for (const other of others) for (const room of rooms) await other.join(room);
    return rooms;
  }

  /** The server may be gone before this one has come back. */
  async function connectUntilKilled(sender: Sender): Promise<void> {
    await sender.connect().catch(() => undefined);
  }

  function readRows(room: string): Row[] {
    return byHand({ folder }, (db) =>
      db
        .prepare(
          `SELECT events.seq, kind, events.id, author, body FROM events JOIN rooms ON rooms.number = events.room
           WHERE rooms.id = ? ORDER BY events.seq`,
        )
        .all(room),
    ) as Row[];
  }

  function compare(sender: Sender, room: string, rows: Row[]): void {
    const { events, sent } = sender.rooms.get(room) ?? { events: [], sent: [] };
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, i) => i + 1));
    const got = events.map((event) => (event.event === 'message' ? [event.seq, event.id, event.body] : [event.seq]));
    const kept = rows.map(({ kind, seq, id, body }) => (kind === 'message' ? [seq, id, body] : [seq]));
    expect(got).toEqual(kept);
    const own = rows.filter(({ author, kind }) => author === sender.person.id && kind === 'message');
    expect(own.map(({ id, seq }) => [id, seq])).toEqual(sent.map(({ id, seq }) => [id, seq]));
  }
});
