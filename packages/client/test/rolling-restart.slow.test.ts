import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { Cluster } from '../../server/test/cluster.ts';
import { findFreePort } from '../../server/test/find-ports.ts';
import { hasNginx, NginxServer } from '../../server/test/nginx-server.ts';
import { hasPostgres } from '../../server/test/postgres-server.ts';
import { skipsRabbitmq } from '../../server/test/rabbitmq-server.ts';
import { ServerProcess } from '../../server/test/server-process.ts';
import { Visitor } from '../../server/test/visitor.ts';
import type { Client, RoomSnapshot, RoomView } from '../src/client.ts';
import { clientOf, isLive, whenRoom, whenSent } from './test-client.ts';

const isMissing = process.env['CI'] !== 'true' && (!hasPostgres || skipsRabbitmq || !hasNginx);

describe('people who go on sending while servers restart', () => {
  const ends: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  test.skipIf(isMissing)(
    'I1–I4, A11: nodes behind nginx restart one after the other, and nobody misses a thing',
    async () => {
      const cluster = await Cluster.start(2);
      ends.push(() => cluster.stop());
      const nginx = await NginxServer.start(cluster.nodes.map(({ port }) => port));
      ends.push(() => nginx.stop());
      const talk = await Talk.begin(nginx.origin);
      for (const node of cluster.nodes) {
        await wait(1_000);
        expect(await cluster.restart(node)).toBe(0);
        await untilReady(node.origin);
        // Until nginx asks it again.
        await wait(2_500);
      }
      await wait(1_000);
      await talk.expectWhole();
    },
  );

  test('I1–I4, A11: a restart of one node on SQLite is a pause and no error', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parlour-restart-'));
    const environment = { PORT: String(await findFreePort()), PARLOUR_RATE_LIMITS: 'off' };
    let server = await ServerProcess.start({ folder, environment });
    ends.push(async () => {
      await server.kill();
      rmSync(folder, { recursive: true });
    });
    const talk = await Talk.begin(server.origin);
    for (let i = 0; i < 2; i += 1) {
      await wait(1_000);
      expect(await server.stop()).toBe(0);
      server = await ServerProcess.start({ folder, environment });
      await wait(1_000);
    }
    await talk.expectWhole();
  });
});

/** Two people in one room, each of whom sends without a pause. */
class Talk {
  readonly #sides: Side[];
  readonly #talking: Promise<unknown>;
  readonly #end = new AbortController();

  private constructor(sides: Side[]) {
    this.#sides = sides;
    this.#talking = Promise.all(sides.map((side) => side.talk(this.#end.signal)));
  }

  static async begin(origin: string): Promise<Talk> {
    const people = [new Visitor(origin), new Visitor(origin)];
    for (const [i, person] of people.entries()) await person.signUp(i === 0 ? 'Ada' : 'Grace');
    const lobby = (await people[0]?.createRoom('Talk'))?.id ?? '';
    await people[1]?.join(lobby);
    return new Talk(await Promise.all(people.map((person) => Side.enter(person, lobby))));
  }

  async expectWhole(): Promise<void> {
    this.#end.abort();
    await this.#talking;
    for (const { room } of this.#sides) await whenSent(room);
    const head = Math.max(...this.#sides.map(({ room }) => room.snapshot.head));
    const seen: RoomSnapshot[] = [];
    for (const { room } of this.#sides) seen.push(await whenRoom(room, ({ events }) => events.at(-1)?.seq === head));
    const [first, second] = seen.map(({ events }) => events.map((event) => [event.seq, 'id' in event ? event.id : '']));
    const from = Number(first?.[0]?.[0]);
    expect(first?.map(([seq]) => seq)).toEqual(Array.from({ length: first?.length ?? 0 }, (_, i) => from + i));
    expect(second?.slice(-(first?.length ?? 0))).toEqual(first?.slice(-(second?.length ?? 0)));
    for (const { name, sent, refused, states } of this.#sides) {
      expect(sent.length).toBeGreaterThan(100);
      expect(refused).toEqual([]);
      expect(states).toContain('offline');
      expect(states).not.toContain('signed-out');
      for (const { events } of seen) {
        const bodies = events.flatMap((event) => (event.event === 'message' ? [event.body] : []));
        expect(bodies.filter((body) => body.startsWith(name))).toEqual(sent);
      }
    }
    for (const { client } of this.#sides) client.close();
  }
}

class Side {
  readonly name: string;
  readonly client: Client;
  readonly room: RoomView;
  readonly states: string[];
  /** What was sent, in that order. */
  readonly sent: string[] = [];
  /** Sends that a person would have seen fail. */
  readonly refused: unknown[] = [];

  private constructor(name: string, client: Client, room: RoomView, states: string[]) {
    this.name = name;
    this.client = client;
    this.room = room;
    this.states = states;
    room.subscribe(() => {
      for (const { state, error } of room.snapshot.pending) if (state === 'failed') this.refused.push(error);
    });
  }

  static async enter(person: Visitor, lobby: string): Promise<Side> {
    const { client, states } = clientOf(person);
    client.connect();
    const room = client.room(lobby);
    room.open();
    await whenRoom(room, isLive);
    return new Side(person.account.name, client, room, states);
  }

  async talk(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const body = `${this.name} ${this.sent.length}`;
      this.sent.push(body);
      this.room.send(body);
      await wait(20);
    }
  }
}

async function untilReady(origin: string): Promise<void> {
  while ((await fetch(`${origin}/health/ready`)).status !== 200);
}
