import { limits } from '@parlour/protocol/limits';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byHand, fillRoom } from '../by-hand.ts';
import { type Cast, gatherCast } from '../cast.ts';
import type { TestSocket } from '../test-socket.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await gatherCast({ environment: { PARLOUR_RATE_LIMITS: 'off' } });
});
afterAll(() => cast.server.stop());

const openRoom = async () => (await cast.ada.createRoom('Room')).id;
const seqs = (socket: TestSocket, room: string) => socket.events(room).map(({ seq }) => seq);
const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, i) => from + i);

describe('join', () => {
  test('P-JOIN-1, P-JOIN-3: tells the head, and then what happens after it', async () => {
    const room = await openRoom();
    await cast.ada.post(room, `1-${room}`, 'Before');
    const socket = await cast.ada.connect();
    expect((await socket.join(room)).seq).toBe(2);
    await cast.ada.post(room, `2-${room}`, 'After');
    expect((await socket.next('event')).seq).toBe(3);
    expect(socket.log.map(({ type }) => type).filter((type) => type !== 'presence')).toEqual([
      'authenticated',
      'joined',
      'event',
    ]);
  });

  test('P-JOIN-1, fault 1, fault 19: subscribes members only, and makes nobody a member', async () => {
    const room = await openRoom();
    const [ada, linus] = [await cast.ada.connect(), await cast.linus.connect()];
    await ada.join(room);
    linus.send({ type: 'join', room, after: 0 });
    expect((await linus.next('error')).code).toBe('not_a_member');
    await cast.ada.post(room, `1-${room}`, 'For members');
    await ada.next('event');
    await linus.settle();
    expect(linus.events()).toEqual([]);
    await cast.linus.join(room);
    await linus.join(room, 0);
    await linus.next('event', ({ seq }) => seq === 3);
    expect(seqs(linus, room)).toEqual([1, 2, 3]);
  });

  test('P-JOIN-2, I4, A11, fault 7: what was missed comes first and in order, while more pours in', async () => {
    const room = await openRoom();
    fillRoom(cast.server, room, cast.ada.id, 700, 'Missed');
    const ada = await cast.ada.connect();
    const late = await Promise.all(Array.from({ length: 5 }, () => cast.ada.connect()));
    for (let i = 0; i < 100; i += 1) {
      ada.send({ type: 'send', room, id: `p-${i}`, body: 'Pouring' });
      const socket = late[i / 20];
      if (socket !== undefined) await socket.join(room, 100 + i);
    }
    for (const [number, socket] of late.entries()) {
      await socket.next('event', ({ seq }) => seq === 801);
      expect(seqs(socket, room)).toEqual(upTo(801, 101 + number * 20));
    }
  });

  test('P-JOIN-2, I4: what was missed names people as they are called now, also where others were just told', async () => {
    const room = await openRoom();
    await cast.grace.join(room);
    await cast.grace.post(room, `1-${room}`, 'By Grace');
    const resumeName = async () => {
      const socket = await cast.ada.connect();
      await socket.join(room, 2);
      const event = await socket.next('event');
      return event.event === 'message' ? event.author.name : undefined;
    };
    expect(await resumeName()).toBe('Grace');
    for (const name of ['Grace Hopper', 'Grace']) {
      expect((await cast.grace.request('PATCH', '/api/account', { name })).status).toBe(200);
      expect(await resumeName()).toBe(name);
    }
  });

  test('P-JOIN-2, I4: from the head on there is nothing to replay', async () => {
    const room = await openRoom();
    const socket = await cast.ada.connect();
    expect((await socket.join(room, 1)).seq).toBe(1);
    await cast.ada.post(room, `1-${room}`, 'Live');
    await socket.next('event');
    expect(seqs(socket, room)).toEqual([2]);
    expect(socket.log.some(({ type }) => type === 'reset')).toBe(false);
  });

  test('P-JOIN-4, I4: more than 5,000 missed is a reset, and live events go on above it', async () => {
    const room = await openRoom();
    fillRoom(cast.server, room, cast.ada.id, limits.replayEvents, 'Missed');
    const [replayed, reset] = [await cast.ada.connect(), await cast.ada.connect()];
    await replayed.join(room, 1);
    await replayed.next('event', ({ seq }) => seq === 5_001);
    expect(seqs(replayed, room)).toEqual(upTo(5_001, 2));
    expect((await reset.join(room, 0)).seq).toBe(5_001);
    expect(await reset.next('reset')).toEqual({ type: 'reset', room, seq: 5_001 });
    await cast.ada.post(room, `1-${room}`, 'Live');
    await reset.next('event');
    expect(seqs(reset, room)).toEqual([5_002]);
  });

  test('P-JOIN-4, I4: so is an after beyond the head', async () => {
    const room = await openRoom();
    const socket = await cast.ada.connect();
    expect((await socket.join(room, 2)).seq).toBe(1);
    expect(await socket.next('reset')).toEqual({ type: 'reset', room, seq: 1 });
    await cast.ada.post(room, `1-${room}`, 'Live');
    await socket.next('event');
    expect(seqs(socket, room)).toEqual([2]);
  });

  test('P-JOIN-5: joining again starts anew, and nothing comes twice from then on', async () => {
    const room = await openRoom();
    await cast.ada.post(room, `1-${room}`, 'One');
    const socket = await cast.ada.connect();
    await socket.join(room, 0);
    await socket.next('event', ({ seq }) => seq === 2);
    await socket.join(room, 1);
    await socket.next('event', ({ seq }) => seq === 2);
    await socket.join(room);
    await cast.ada.post(room, `2-${room}`, 'Two');
    await socket.next('event', ({ seq }) => seq === 3);
    await cast.ada.post(room, `3-${room}`, 'Three');
    await socket.next('event', ({ seq }) => seq === 4);
    socket.send({ type: 'leave', room });
    await socket.next('left');
    await cast.ada.post(room, `4-${room}`, 'Four');
    await socket.settle();
    expect(seqs(socket, room)).toEqual([1, 2, 2, 3, 4]);
  });

  test('P-JOIN-6, P-HTTP-8: a closed room looks like one that does not exist', async () => {
    const [linus, grace] = [await cast.linus.connect(), await cast.grace.connect()];
    expect((await grace.join(cast.designers)).room).toBe(cast.designers);
    const refusals = [];
    for (const room of [cast.designers, 'nowhere', '../../etc', '%00', '1']) {
      linus.send({ type: 'join', room, after: 0 });
      const { room: named, ...refusal } = await linus.next('error');
      expect(named).toBe(room);
      refusals.push(refusal);
    }
    expect(new Set(refusals.map((refusal) => JSON.stringify(refusal))).size).toBe(1);
    expect(refusals[0]).toMatchObject({ code: 'room_not_found' });
    linus.send({ type: 'join', room: cast.lobby });
    expect((await linus.next('error')).code).toBe('not_a_member');
  });

  test('P-JOIN-6: in the same time, too', async () => {
    const linus = await cast.linus.connect();
    const times: Record<string, number[]> = { [cast.designers]: [], nowhere: [] };
    for (let i = 0; i < 200; i += 1) {
      for (const [room, taken] of Object.entries(times)) {
        const from = performance.now();
        linus.send({ type: 'join', room });
        await linus.next('error');
        taken.push(performance.now() - from);
      }
    }
    const [closed = 0, absent = 0] = Object.values(times).map((taken) => taken.sort((a, b) => a - b)[100]);
    expect(Math.abs(closed - absent)).toBeLessThan(Math.max(closed, absent) / 2);
  });

  test('P-JOIN-7, I9: joins a thousand rooms and no more', async () => {
    byHand(cast.server, (db) => {
      const rooms = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
        INSERT INTO rooms (id, name, private, createdAt) SELECT 'many-' || i, 'Many', 0, 0 FROM n`;
      db.exec(rooms);
      db.prepare(
        "INSERT INTO members SELECT number, ?, 'member', 0, 0 FROM rooms WHERE id LIKE 'many-%' ORDER BY number",
      ).run(cast.ada.id);
    });
    const socket = await cast.ada.connect();
    const joinAll = async (from: number, to: number) => {
      for (let i = from; i < to; i += 1) socket.send({ type: 'join', room: `many-${i}` });
      // Each is looked up by itself, so the answers come in any order.
      const joined = new Set<string>();
      for (let i = from; i < to; i += 1) joined.add((await socket.next('joined')).room);
      for (let i = from; i < to; i += 1) expect(joined).toContain(`many-${i}`);
    };
    for (let from = 0; from < 1_000; from += 200) await joinAll(from, from + 200);
    socket.send({ type: 'join', room: 'many-1000' });
    expect(await socket.next('error')).toMatchObject({ code: 'too_many_rooms', room: 'many-1000' });
    expect((await socket.join('many-5', 0)).room).toBe('many-5');
    socket.send({ type: 'leave', room: 'many-7' });
    await socket.next('left');
    expect((await socket.join('many-1000')).room).toBe('many-1000');
    await socket.cut();
  });

  test('P-JOIN-8, I4: a long replay waits for its reader and is no slowness', async () => {
    const room = await openRoom();
    fillRoom(cast.server, room, cast.ada.id, 4_000, 'x'.repeat(4_000));
    const socket = await cast.ada.connect();
    await socket.join(room, 1);
    socket.pause();
    for (let i = 0; i < 30; i += 1) await cast.ada.post(room, `l-${i}-${room}`, 'Live');
    socket.resume();
    await socket.next('event', ({ seq }) => seq === 4_031);
    expect(seqs(socket, room)).toEqual(upTo(4_031, 2));
    await socket.cut();
  });

  test('P-JOIN-9: leave ends the subscription of this connection alone, and keeps the membership', async () => {
    const room = await openRoom();
    const [leaving, staying] = [await cast.ada.connect(), await cast.ada.connect()];
    await Promise.all([leaving.join(room), staying.join(room)]);
    leaving.send({ type: 'leave', room });
    expect(await leaving.next('left')).toEqual({ type: 'left', room });
    await cast.ada.post(room, `1-${room}`, 'Afterwards');
    await staying.next('event');
    await leaving.settle();
    expect(leaving.events(room)).toEqual([]);
    leaving.send({ type: 'leave', room });
    expect(await leaving.next('error')).toMatchObject({ code: 'not_joined', room });
    leaving.send({ type: 'leave', room: 'nowhere' });
    expect(await leaving.next('error')).toMatchObject({ code: 'not_joined', room: 'nowhere' });
    expect((await leaving.join(room)).seq).toBe(2);
  });
});
