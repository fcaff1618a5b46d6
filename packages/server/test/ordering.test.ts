import type { RoomEvent } from '@parlour/protocol/events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Device } from './ordering/device.ts';
import { Ledger } from './ordering/ledger.ts';
import { startServer, type TestServer } from './start-server.ts';
import type { Visitor } from './visitor.ts';

const roomCount = 3;
const runs = Number(process.env['RUNS'] ?? 10);
const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

const room = fc.nat(roomCount - 1);
const action = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('send'), room, count: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('repeat'), back: fc.nat(6), changed: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('reconnect', 'drain', 'stop reading', 'breathe') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('resume', 'leave', 'start anew', 'start over'), room }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('remove', 'add'), room, whom: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('depart'), room }) },
);
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;
const script = fc.array(action, { minLength: 5, maxLength: 25 });

describe('several clients that do whatever they like', () => {
  let server: TestServer;
  let ada: Visitor;
  let others: [Visitor, Visitor];
  beforeAll(async () => {
    server = await startServer({ environment: { PARLOUR_RATE_LIMITS: 'off' } });
    ada = await server.signUp('Ada');
    others = [await server.signUp('Grace'), await server.signUp('Linus')];
  });
  afterAll(() => server.stop());

  test('I1, I2, I3, I4, I5, P-EVENT-2, P-EVENT-6, P-JOIN-2, P-SEND-2: see one gapless history, each event once', async () => {
    console.info(`ordering: SEED=${seed} RUNS=${runs}`);
    const property = fc.asyncProperty(fc.array(script, { minLength: 5, maxLength: 5 }), play);
    await fc.assert(property, { numRuns: runs, seed, endOnFailure: true });
  }, 120_000);

  let games = 0;

  async function play(scripts: Action[][]): Promise<void> {
    const ledger = new Ledger();
    const game = ++games;
    const [grace, linus] = others;
    const rooms: string[] = [];
    for (let i = 0; i < roomCount; i += 1) rooms.push((await ada.createRoom(`Room ${i}`, i === 0)).id);
    const turns = new Map<string, Promise<void>>();

    /** Changes of one person's place in one room come one after another, so that each can be told in the history. */
    function inTurn(roomId: string, person: Visitor, change: () => Promise<void>): Promise<void> {
      const key = `${roomId} ${person.id}`;
      const turn = (turns.get(key) ?? Promise.resolve()).then(change);
      turns.set(key, turn);
      return turn;
    }
    const add = (roomId: string, person: Visitor) =>
      inTurn(roomId, person, async () => {
        const added = ledger.adding(roomId, person.id);
        const { status } = await ada.request('POST', `/api/rooms/${roomId}/members`, { user: person.id });
        if (status === 201) added();
        else expect(status).toBe(200);
      });
    const remove = (roomId: string, person: Visitor) =>
      inTurn(roomId, person, async () => {
        const { status } = await ada.request('DELETE', `/api/rooms/${roomId}/members/${person.id}`);
        expect([204, 404]).toContain(status);
      });
    const depart = (roomId: string, person: Visitor) =>
      inTurn(roomId, person, async () => {
        const { status } = await person.request('POST', `/api/rooms/${roomId}/leave`, {});
        expect([204, 404]).toContain(status);
      });

    async function act(device: Device, todo: Action): Promise<void> {
      const roomId = 'room' in todo ? (rooms[todo.room] ?? '') : '';
      if (todo.do !== 'stop reading') device.readOn();
      if ('count' in todo) for (let i = 0; i < todo.count; i += 1) device.send(roomId, `Text ${i}`);
      else if ('back' in todo) device.repeat(todo.back, todo.changed);
      else if ('whom' in todo) await (todo.do === 'add' ? add : remove)(roomId, todo.whom === 0 ? grace : linus);
      else if (todo.do === 'depart') await (device.person === ada ? undefined : depart(roomId, device.person));
      else if (todo.do === 'reconnect') await device.reconnect();
      else if (todo.do === 'drain') await device.drain();
      else if (todo.do === 'stop reading') device.stopReading();
      else if (todo.do === 'breathe') await device.person.rooms();
      else if (todo.do === 'resume') await device.resume(roomId);
      else if (todo.do === 'leave') device.leave(roomId);
      else if (todo.do === 'start anew') await device.join(roomId, undefined);
      else if (todo.do === 'start over') await device.join(roomId, 0);
    }

    for (const roomId of rooms) await Promise.all([add(roomId, grace), add(roomId, linus)]);
    const people = [ada, ada, grace, grace, linus];
    const devices = people.map((person, i) => new Device(`${game}-${i}-${person.account.name}`, person, ledger));
    /** Does nothing but listen, and lose its line now and then. */
    const listener = new Device(`${game}-listener`, ada, ledger);
    const everybody = [...devices, listener];
    await Promise.all(everybody.map((device) => device.connect()));
    for (const roomId of rooms) await Promise.all(everybody.map((device) => device.join(roomId, 0)));

    let playing = true;
    const listening = (async () => {
      while (playing) {
        await listener.reconnect();
        for (let i = 0; i < 5; i += 1) await ada.rooms();
      }
    })();
    await Promise.all(
      devices.map(async (device, i) => {
        for (const todo of scripts[i] ?? []) await act(device, todo);
        device.readOn();
        await device.drain();
      }),
    );
    playing = false;
    await listening;
    for (const device of devices) await device.repeatAll();

    for (const roomId of rooms) {
      const history = await readAll(ada, roomId);
      ledger.judge(roomId, history);
      for (const device of everybody) await finish(device, roomId, history.length);
      // Whatever came while catching up is judged too.
      ledger.judge(roomId, history);
      expect(ledger.seenBy(listener.name, roomId)).toEqual(history.map(({ seq }) => seq));
    }
    await Promise.all(everybody.map((device) => device.close()));
    expect(ledger.broken.slice(0, 10)).toEqual([]);
  }

  /** Whoever is still in the room has all of it in the end; everybody else is refused. */
  async function finish(device: Device, roomId: string, head: number): Promise<void> {
    const { status } = await device.person.request('GET', `/api/rooms/${roomId}/messages`);
    await device.resume(roomId);
    if (status === 200) await device.catchUp(roomId, head);
    else expect([403, 404]).toContain(status);
  }
});

async function readAll(reader: Visitor, roomId: string): Promise<RoomEvent[]> {
  const events: RoomEvent[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page: { items: RoomEvent[]; next: number | null } = await reader.history(roomId, `?after=${after}&limit=100`);
    events.push(...page.items);
    after = page.next;
  }
  return events;
}
