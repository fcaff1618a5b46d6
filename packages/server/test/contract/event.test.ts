import type { EventFrame } from '@parlour/protocol/frames';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fillRoom } from '../by-hand.ts';
import { type Cast, gatherCast } from '../cast.ts';
import type { Visitor } from '../visitor.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await gatherCast({ environment: { PARLOUR_RATE_LIMITS: 'off' } });
});
afterAll(() => cast.server.stop());

const openRoom = async (isPrivate = false) => (await cast.ada.createRoom('Room', isPrivate)).id;
const seqs = (events: { seq: number }[]) => events.map(({ seq }) => seq);
const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, i) => from + i);

describe('events', () => {
  test('P-EVENT-1, P-EVENT-2, I2, fault 8: number every change without a gap, in one order for everybody', async () => {
    const room = await openRoom();
    await cast.grace.join(room);
    const [ada, grace] = [await cast.ada.connect(), await cast.grace.connect()];
    await Promise.all([ada.join(room, 0), grace.join(room, 0)]);
    for (let i = 0; i < 40; i += 1) {
      (i % 2 === 0 ? ada : grace).send({ type: 'send', room, id: `n-${i}`, body: `Number ${i}` });
      if (i === 20) await cast.linus.join(room);
    }
    await cast.linus.leave(room);
    await cast.ada.post(room, 'end', 'End');
    const isEnd = (event: EventFrame) => event.event === 'message' && event.id === 'end';
    await Promise.all([ada.next('event', isEnd), grace.next('event', isEnd)]);
    const { items } = await cast.ada.history(room, '?limit=100');
    expect(seqs(items)).toEqual(upTo(items.length));
    expect(items).toHaveLength(2 + 40 + 2 + 1);
    for (const socket of [ada, grace]) {
      expect(socket.events(room).map(({ type: _, ...event }) => event)).toEqual(items);
    }
  });

  test('P-EVENT-3, fault 2, fault 8: a message names its id, author, position and moment, whatever the sender claims', async () => {
    const room = await openRoom();
    const socket = await cast.ada.connect();
    await socket.join(room);
    const author = { id: cast.grace.id, name: 'Grace' };
    socket.sendRaw(
      JSON.stringify({
        type: 'send',
        room,
        id: 'a',
        body: 'Hello',
        author,
        user: author.id,
        seq: 9,
        position: 9,
        at: 0,
      }),
    );
    const at = new Date(cast.clock.now()).toISOString();
    const message = { event: 'message', room, seq: 2, at, id: 'a', body: 'Hello', position: 1 };
    const own = { ...message, author: { id: cast.ada.id, name: 'Ada' } };
    expect(await socket.next('event')).toEqual({ type: 'event', ...own });
    const claim = { id: 'b', body: 'Hello', author, username: 'grace' };
    expect((await cast.ada.request('POST', `/api/rooms/${room}/messages`, claim)).status).toBe(201);
    expect((await cast.ada.history(room)).items.slice(1)).toEqual([own, { ...own, seq: 3, position: 2, id: 'b' }]);
  });

  test('P-EVENT-3, fault 3: nobody’s address reaches anybody else', async () => {
    const room = await openRoom();
    await cast.grace.join(room);
    const socket = await cast.grace.connect();
    await socket.join(room, 0);
    await cast.ada.post(room, 'hello', 'Hello');
    await cast.ada.add(room, cast.linus);
    await socket.next('event', (event) => event.event === 'member' && event.change === 'added');
    const heard = [JSON.stringify(socket.log)];
    for (const path of ['', '/messages', '/members', '/invites'].map((end) => `/api/rooms/${room}${end}`)) {
      heard.push(JSON.stringify((await cast.grace.request('GET', path)).body));
    }
    expect(heard.join()).toContain('Ada');
    expect(heard.join()).not.toContain('@');
    expect(JSON.stringify((await cast.grace.request('GET', '/api/account')).body)).toContain('@');
  });

  test('P-EVENT-4, A3: tells who came and went, and by whom', async () => {
    const room = await openRoom();
    const person = ({ id, account }: Visitor) => ({ id, name: account.name });
    const [ada, grace, linus] = [person(cast.ada), person(cast.grace), person(cast.linus)];
    await cast.grace.join(room);
    await cast.grace.leave(room);
    await cast.ada.add(room, cast.grace);
    await cast.ada.remove(room, cast.grace);
    const { body } = await cast.ada.request<{ code: string }>('POST', `/api/rooms/${room}/invites`, {});
    expect((await cast.linus.request('POST', `/api/invites/${body.code}/accept`, {})).status).toBe(200);
    const { items } = await cast.ada.history(room);
    expect(items.map(({ room: _, at: __, ...event }) => event)).toEqual([
      { seq: 1, event: 'member', change: 'created', user: ada },
      { seq: 2, event: 'member', change: 'joined', user: grace },
      { seq: 3, event: 'member', change: 'left', user: grace },
      { seq: 4, event: 'member', change: 'added', user: grace, by: ada },
      { seq: 5, event: 'member', change: 'removed', user: grace, by: ada },
      { seq: 6, event: 'member', change: 'invited', user: linus, by: ada },
    ]);
  });

  test('P-EVENT-6, I5, fault 1: who is removed at k gets nothing above k, on any connection', async () => {
    const room = await openRoom();
    await cast.grace.join(room);
    const sockets = await Promise.all([cast.grace.connect(), cast.grace.connect()]);
    const ada = await cast.ada.connect();
    await Promise.all([ada, ...sockets].map((socket) => socket.join(room)));
    await cast.ada.post(room, 'for-all', 'For all');
    for (const socket of sockets) await socket.next('event');
    for (let i = 0; i < 100; i += 1) {
      ada.send({ type: 'send', room, id: `s-${i}`, body: `Secret ${i}` });
      if (i === 50) void cast.ada.remove(room, cast.grace);
    }
    for (const socket of sockets) await socket.next('left');
    await cast.ada.post(room, 'last', 'Last');
    await ada.next('event', (event) => event.event === 'message' && event.id === 'last');
    const removal = ada.events(room).find((event) => event.event === 'member');
    expect(removal).toMatchObject({ change: 'removed', user: { id: cast.grace.id } });
    for (const socket of sockets) {
      await socket.settle();
      const got = seqs(socket.events(room));
      expect(got).toEqual(upTo(got.at(-1) ?? 0, 3));
      expect(got.at(-1)).toBeLessThanOrEqual(removal?.seq ?? 0);
    }
  });

  test('P-EVENT-7, I11: what was stored without being announced still comes, in its order', async () => {
    const room = await openRoom();
    const socket = await cast.ada.connect();
    await socket.join(room);
    fillRoom(cast.server, room, cast.ada.id, 3, 'Never announced');
    const from = performance.now();
    await socket.next('event', ({ seq }) => seq === 4);
    expect(performance.now() - from).toBeLessThan(2_000);
    await cast.ada.post(room, 'announced', 'Announced');
    await socket.next('event', ({ seq }) => seq === 5);
    expect(seqs(socket.events(room))).toEqual([2, 3, 4, 5]);
  });

  test('P-EVENT-7, I11: an announcement ahead of what was lost does not overtake it', async () => {
    const room = await openRoom();
    const socket = await cast.ada.connect();
    await socket.join(room);
    fillRoom(cast.server, room, cast.ada.id, 3, 'Never announced');
    await cast.ada.post(room, 'ahead', 'Ahead');
    await socket.next('event', ({ seq }) => seq === 5);
    expect(seqs(socket.events(room))).toEqual([2, 3, 4, 5]);
  });
});
