import { limits } from '@parlour/protocol/limits';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byHand, fillRoom, holdWrites } from '../by-hand.ts';
import { type Cast, gatherCast } from '../cast.ts';
import { deepJson } from '../deep-json.ts';
import type { TestSocket } from '../test-socket.ts';
import type { Visitor } from '../visitor.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await gatherCast({ environment: { PARLOUR_RATE_LIMITS: 'off' } });
});
afterAll(() => cast.server.stop());

async function openRoom(isPrivate = false): Promise<string> {
  const { id } = await cast.ada.createRoom('Room', isPrivate);
  await cast.ada.add(id, cast.grace);
  return id;
}
async function messagesIn(room: string, reader: Visitor = cast.ada) {
  const { items } = await reader.history(room, '?limit=100');
  return items.filter((event) => event.event === 'message');
}
const refusal = (code: string) => ({ type: 'error', code });
const post = (visitor: Visitor, room: string, message: object | string) =>
  visitor.request<Record<string, unknown>>('POST', `/api/rooms/${room}/messages`, message);

describe('send', () => {
  test('P-SEND-1, I1: the ack comes after the commit', async () => {
    const room = await openRoom();
    const socket = await cast.ada.connect();
    for (let i = 0; i < 20; i += 1) {
      const ack = await socket.say(room, `d-${i}`, `Durable ${i}`);
      const stored = byHand(cast.server, (db) =>
        db.prepare('SELECT seq, body FROM events WHERE id = ? AND author = ?').all(`d-${i}`, cast.ada.id),
      );
      expect(stored.map((row) => ({ ...row }))).toEqual([{ seq: i + 3, body: `Durable ${i}` }]);
      expect(ack).toEqual({
        type: 'ack',
        id: `d-${i}`,
        room,
        seq: i + 3,
        at: new Date(cast.clock.now()).toISOString(),
      });
    }
  });

  test('P-SEND-2, I3: an identical repeat gets the first ack, over the socket and over HTTP, and no event', async () => {
    const room = await openRoom();
    const [socket, again, grace] = [await cast.ada.connect(), await cast.ada.connect(), await cast.grace.connect()];
    await grace.join(room);
    const first = await socket.say(room, 'once', 'Once', { any: ['data'] });
    cast.clock.advance(1_000);
    expect(await socket.say(room, 'once', 'Once', { any: ['data'] })).toEqual(first);
    expect(await again.say(room, 'once', 'Once', { any: ['data'] })).toEqual(first);
    const answer = await post(cast.ada, room, { id: 'once', body: 'Once', data: { any: ['data'] } });
    expect([answer.status, { type: 'ack', ...answer.body }]).toEqual([200, first]);
    await cast.ada.post(room, 'next', 'Next');
    expect((await grace.next('event', (event) => event.event === 'message' && event.id === 'next')).seq).toBe(4);
    expect(grace.events(room).map(({ seq }) => seq)).toEqual([3, 4]);
  });

  test('P-SEND-2, I3: many repeats at the same moment make one message', async () => {
    const room = await openRoom();
    const sockets = await Promise.all(Array.from({ length: 8 }, () => cast.ada.connect()));
    const acks = await Promise.all(sockets.map((socket) => socket.say(room, 'race', 'Race')));
    expect(new Set(acks.map((ack) => JSON.stringify(ack))).size).toBe(1);
    expect(await messagesIn(room)).toHaveLength(1);
  });

  test('P-SEND-2, I3: also when the person is no member any more', async () => {
    const room = await openRoom(true);
    const grace = await cast.grace.connect();
    const first = await grace.say(room, 'g1', 'Mine');
    await cast.ada.remove(room, cast.grace);
    expect(await grace.say(room, 'g1', 'Mine')).toEqual(first);
    expect(await grace.say(room, 'g2', 'Another')).toMatchObject(refusal('room_not_found'));
    expect(await grace.say(room, 'g1', 'Other words')).toMatchObject(refusal('id_conflict'));
    expect(await messagesIn(room)).toHaveLength(1);
  });

  test('P-SEND-2: the same id of another person is another message', async () => {
    const room = await openRoom();
    const [ada, grace] = [await cast.ada.connect(), await cast.grace.connect()];
    expect(await ada.say(room, 'shared', 'Ada’s')).toMatchObject({ type: 'ack', seq: 3 });
    expect(await grace.say(room, 'shared', 'Grace’s')).toMatchObject({ type: 'ack', seq: 4 });
  });

  test('P-SEND-3, I3: the same id with another body, data or room is a conflict', async () => {
    const [room, other] = [await openRoom(), await openRoom()];
    const socket = await cast.ada.connect();
    await socket.say(room, 'c', 'First', { n: 1 });
    expect(await socket.say(room, 'c', 'Second', { n: 1 })).toMatchObject(refusal('id_conflict'));
    expect(await socket.say(room, 'c', 'First', { n: 2 })).toMatchObject(refusal('id_conflict'));
    expect(await socket.say(room, 'c', 'First')).toMatchObject(refusal('id_conflict'));
    expect(await socket.say(other, 'c', 'First', { n: 1 })).toMatchObject(refusal('id_conflict'));
    const answer = await post(cast.ada, room, { id: 'c', body: 'Second' });
    expect([answer.status, answer.body]).toMatchObject([409, { code: 'id_conflict' }]);
    expect(await messagesIn(room)).toHaveLength(1);
    expect(await messagesIn(other)).toHaveLength(0);
    expect(await socket.say(room, 'c2', 'Second')).toMatchObject({ seq: 4 });
  });

  const longest = limits.bodyCharacters;
  const allowed = ['a', ' a ', '\n\ta', '😀'.repeat(longest), 'é'.repeat(longest), '<b>&amp;</b>', '\u0001', '﷽'];
  const faults: [body: string, sentence: RegExp][] = [
    ['', /empty/],
    [' \n\t\u00a0\u2003', /empty/],
    ['a'.repeat(longest + 1), /8,000/],
    ['😀'.repeat(longest + 1), /8,000/],
    ['with \0 in it', /cannot be stored/],
    ['half \ud83d of a pair', /cannot be stored/],
    ['\udc00', /cannot be stored/],
  ];

  test('P-SEND-4, fault 8: carries every text as it is', async () => {
    const room = await openRoom();
    const socket = await cast.ada.connect();
    await socket.join(room);
    for (const [i, body] of allowed.entries()) {
      expect((await socket.say(room, `a-${i}-${room}`, body)).type).toBe('ack');
    }
    expect((await messagesIn(room)).map(({ body }) => body)).toEqual(allowed);
    expect(socket.events(room).flatMap((event) => (event.event === 'message' ? [event.body] : []))).toEqual(allowed);
  });

  test('P-SEND-4, fault 8: refuses what is empty, too long or cannot be stored, and says which', async () => {
    const room = await openRoom();
    const socket = await cast.ada.connect();
    for (const [i, [body, sentence]] of faults.entries()) {
      const error = await socket.say(room, `f-${i}`, body);
      expect(error).toMatchObject({
        code: 'invalid_body',
        field: 'body',
        room,
        detail: expect.stringMatching(sentence),
      });
      const answer = await post(cast.ada, room, { id: `f-${i}`, body });
      const problem = { code: 'invalid_body', field: 'body', detail: expect.stringMatching(sentence) };
      expect([answer.status, answer.body]).toMatchObject([422, problem]);
    }
    expect(await messagesIn(room)).toEqual([]);
  });

  test('P-SEND-5: carries data as it is, up to 4 KiB', async () => {
    const room = await openRoom();
    const socket = await cast.ada.connect();
    await socket.join(room);
    const most = 'é'.repeat((limits.dataBytes - 2) / 2);
    const values = [null, 0, false, '', [], {}, { a: { b: [1, 'zwei', null, 3.5e-7] } }, { ['__proto__']: 1 }, most];
    for (const [i, data] of values.entries()) {
      socket.sendRaw(JSON.stringify({ type: 'send', room, id: `v-${i}`, body: 'Data', data }));
      expect((await socket.answer(`v-${i}`)).type).toBe('ack');
    }
    const stored = await messagesIn(room);
    expect(stored.map(({ data }) => JSON.stringify(data))).toEqual(values.map((data) => JSON.stringify(data)));
    const live = socket.events(room).map((event) => event.event === 'message' && JSON.stringify(event.data));
    expect(live).toEqual(values.map((data) => JSON.stringify(data)));
    expect(await socket.say(room, 'big', 'Data', `${most}x`)).toMatchObject({ code: 'malformed', field: 'data' });
    const answer = await post(cast.ada, room, { id: 'big', body: 'Data', data: `${most}x` });
    expect([answer.status, answer.body]).toMatchObject([422, { code: 'invalid_field', field: 'data' }]);
    const deep = await post(cast.ada, room, `{"id":"deep","body":"Data","data":${deepJson(100_000)}}`);
    expect([deep.status, deep.body]).toMatchObject([422, { code: 'invalid_field', field: 'data' }]);
    const without = await socket.say(room, 'without', 'No data');
    expect(without.type).toBe('ack');
    expect((await messagesIn(room)).at(-1)).not.toHaveProperty('data');
  });

  test('P-SEND-6, I5, fault 1, fault 19: only members send, and the others learn no more than they may', async () => {
    const [room, closed] = [await openRoom(), await openRoom(true)];
    const [grace, linus] = [await cast.grace.connect(), await cast.linus.connect()];
    expect((await grace.say(closed, 'in', 'In')).type).toBe('ack');
    expect(await linus.say(room, 'l', 'Let me in')).toMatchObject(refusal('not_a_member'));
    const [hidden, absent] = [await linus.say(closed, 'l', 'Let me in'), await linus.say('nowhere', 'l', 'Let me in')];
    expect(hidden).toMatchObject(refusal('room_not_found'));
    expect({ ...hidden, room: '' }).toEqual({ ...absent, room: '' });
    expect((await post(cast.linus, room, { id: 'l', body: 'Hello' })).status).toBe(403);
    const answers = [await post(cast.linus, closed, { id: 'l', body: 'Hello' })];
    answers.push(await post(cast.linus, 'nowhere', { id: 'l', body: 'Hello' }));
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(answers[0]?.body).toEqual(answers[1]?.body);
    expect(await messagesIn(room)).toEqual([]);
  });

  test('P-SEND-6, I5: what was sent before the removal counts, nothing after it', async () => {
    const room = await openRoom();
    const grace = await cast.grace.connect();
    const ids = Array.from({ length: 60 }, (_, i) => `r-${i}-${room}`);
    for (const id of ids) grace.send({ type: 'send', room, id, body: 'Racing' });
    await cast.ada.remove(room, cast.grace);
    const acked = (await grace.answers(ids)).filter((answer) => answer.type === 'ack');
    const { items } = await cast.ada.history(room, '?limit=100');
    expect(items.filter((event) => event.event === 'message').map(({ seq }) => seq)).toEqual(
      acked.map(({ seq }) => seq),
    );
    expect(items.at(-1)).toMatchObject({ event: 'member', change: 'removed' });
  });

  test('P-SEND-7, I2: sends of one connection commit in their order, and a refusal fails alone', async () => {
    const [room, other] = [await openRoom(), await openRoom()];
    const socket = await cast.ada.connect();
    const ids = Array.from({ length: 60 }, (_, i) => `o-${i}-${room}`);
    for (const [i, id] of ids.entries()) {
      const body = i % 7 === 3 ? ' ' : 'Text';
      socket.send({ type: 'send', room: i % 11 === 5 ? 'nowhere' : i % 2 === 0 ? room : other, id, body });
    }
    const answers = await socket.answers(ids);
    for (const [i, answer] of answers.entries()) {
      const expected = i % 7 === 3 ? 'invalid_body' : i % 11 === 5 ? 'room_not_found' : 'ack';
      expect([i, answer.type === 'error' ? answer.code : answer.type]).toEqual([i, expected]);
    }
    for (const each of [room, other]) {
      const seqs = answers.flatMap((answer) => (answer.type === 'ack' && answer.room === each ? [answer.seq] : []));
      expect(seqs).toEqual(seqs.map((_, i) => i + 3));
    }
  });

  test('P-SEND-9: ack and event reach whom they should', async () => {
    const room = await openRoom();
    const [sender, tab, outside] = [await cast.ada.connect(), await cast.ada.connect(), await cast.ada.connect()];
    await Promise.all([sender.join(room), tab.join(room)]);
    await sender.say(room, 'one', 'One');
    if (sender.events(room).length === 0) await sender.next('event');
    await tab.next('event');
    expect((await outside.say(room, 'two', 'Two')).type).toBe('ack');
    await tab.next('event');
    const seen = (socket: TestSocket) => [
      socket.events(room).map(({ seq }) => seq),
      socket.log.flatMap((frame) => (frame.type === 'ack' ? [frame.seq] : [])),
    ];
    await Promise.all([sender, tab, outside].map((socket) => socket.settle()));
    expect([sender, tab, outside].map(seen)).toEqual([
      [[3, 4], [3]],
      [[3, 4], []],
      [[], [4]],
    ]);
  });

  test('P-SEND-11, A4: over HTTP it is the same, with 201 for the first and 200 for a repeat', async () => {
    const room = await openRoom();
    const socket = await cast.grace.connect();
    await socket.join(room);
    const at = new Date(cast.clock.now()).toISOString();
    const sent = { id: 'h', room, seq: 3, at };
    for (const status of [201, 200]) {
      const answer = await post(cast.ada, room, { id: 'h', body: 'Over HTTP' });
      expect([answer.status, answer.body]).toEqual([status, sent]);
    }
    expect(await socket.next('event')).toMatchObject({ seq: 3, id: 'h', body: 'Over HTTP', at });
  });
});

describe('a room that somebody else writes to', () => {
  test('I2, I11: takes the next send behind an event that was put in by hand', async () => {
    const room = await openRoom();
    const socket = await cast.ada.connect();
    expect(await socket.say(room, 'before-hand', 'Before')).toMatchObject({ type: 'ack', seq: 3 });
    fillRoom(cast.server, room, cast.grace.id, 2, 'By hand');
    expect(await socket.say(room, 'after-hand', 'After')).toMatchObject({ type: 'ack', seq: 6 });
    expect(await post(cast.ada, room, { id: 'after-that', body: 'And after' })).toMatchObject({ body: { seq: 7 } });
    expect((await messagesIn(room)).map(({ seq }) => seq)).toEqual([3, 4, 5, 6, 7]);
  });
});

describe('a failure of storage', () => {
  test('P-SEND-7, P-SEND-8, I2: fails those waiting behind it too, stores nothing, and is over afterwards', async () => {
    const room = await openRoom();
    const [ada, grace] = [await cast.ada.connect(), await cast.grace.connect()];
    const release = holdWrites(cast.server);
    const send = (socket: TestSocket, id: string) => socket.send({ type: 'send', room, id, body: id });
    send(ada, 'first');
    await ada.settle();
    // The writer is busy with the first one now: these wait behind it.
    await cast.ada.rooms();
    send(ada, 'second');
    send(ada, 'third');
    send(grace, 'other');
    const failed = await ada.answer('first');
    release();
    expect(failed).toMatchObject({ code: 'storage_unavailable', id: 'first', room, retryAfter: expect.any(Number) });
    expect(await ada.answer('second')).toMatchObject({ code: 'out_of_turn' });
    expect(await ada.answer('third')).toMatchObject({ code: 'out_of_turn' });
    expect((await grace.answer('other')).type).toBe('ack');
    expect((await messagesIn(room)).map(({ id }) => id)).toEqual(['other']);
    for (const id of ['first', 'second', 'third']) expect((await ada.say(room, id, id)).type).toBe('ack');
    expect((await messagesIn(room)).map(({ seq, id }) => [seq, id])).toEqual([
      [3, 'other'],
      [4, 'first'],
      [5, 'second'],
      [6, 'third'],
    ]);
  });
});
