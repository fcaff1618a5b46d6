import { limits } from '@parlour/protocol/limits';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holdWrites } from '../by-hand.ts';
import { type Cast, gatherCast } from '../cast.ts';
import { clientFrame, RawSocket } from '../raw-socket.ts';
import type { TestSocket } from '../test-socket.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await gatherCast();
});
afterAll(() => cast.server.stop());

describe('limits on speed', () => {
  /** Uses up a connection's burst of frames. */
  function spend(socket: TestSocket, frames: number): void {
    for (let i = 0; i < frames; i += 1) socket.send({ type: 'read', room: cast.lobby, seq: 1 });
  }

  test('P-LIMIT-1: 200 frames at once and 50 a second; what is beyond is refused and not acted on', async () => {
    const socket = await cast.ada.connect();
    // One frame went into authenticating.
    spend(socket, limits.frameBurst - 1);
    socket.send({ type: 'send', room: cast.lobby, id: 'over', body: 'Over' });
    expect(await socket.next('error')).toEqual({
      type: 'error',
      id: 'over',
      room: cast.lobby,
      code: 'rate_limited',
      detail: expect.stringMatching(/./),
      retryAfter: expect.any(Number),
    });
    cast.clock.advance(1_000);
    spend(socket, limits.framesPerSecond - 1);
    expect((await socket.say(cast.lobby, 'within', 'Within')).type).toBe('ack');
    expect(await socket.say(cast.lobby, 'over', 'Over')).toMatchObject({ code: 'rate_limited' });
    const { items } = await cast.ada.history(cast.lobby);
    expect(items.flatMap((event) => (event.event === 'message' ? [event.id] : []))).toEqual(['within']);
    await socket.cut();
  });

  test('P-LIMIT-1: joins are counted by themselves: 1,000 at once and 50 a second', async () => {
    const socket = await cast.ada.connect();
    spend(socket, limits.frameBurst - 1);
    for (let i = 0; i < limits.joinBurst; i += 1) socket.send({ type: 'join', room: cast.lobby });
    for (let i = 0; i < limits.joinBurst; i += 1) await socket.next('joined');
    const refused = { code: 'rate_limited', room: cast.lobby, retryAfter: expect.any(Number) };
    socket.send({ type: 'join', room: cast.lobby });
    expect(await socket.next('error')).toMatchObject(refused);
    cast.clock.advance(1_000);
    for (let i = 0; i < limits.joinsPerSecond; i += 1) expect((await socket.join(cast.lobby)).room).toBe(cast.lobby);
    socket.send({ type: 'join', room: cast.lobby });
    expect(await socket.next('error')).toMatchObject(refused);
    expect(await socket.errors(2)).toHaveLength(2);
    await socket.cut();
  });

  test('P-LIMIT-1, B2: too much before authentication closes', async () => {
    const socket = await cast.ada.open();
    const token = await cast.ada.token();
    for (let i = 0; i < limits.frameBurst + 1; i += 1) socket.send({ type: 'authenticate', token });
    expect((await socket.closed).code).toBe(4429);
  });

  test('P-LIMIT-2, fault 15: more than 100 refusals within ten seconds close with 4429', async () => {
    const [patient, hasty] = [await cast.ada.connect(), await cast.ada.connect()];
    for (const socket of [patient, hasty]) {
      spend(socket, limits.frameBurst - 1 + 100);
      expect(await socket.errors(100)).toHaveLength(100);
    }
    cast.clock.advance(9_999);
    spend(hasty, limits.frameBurst);
    hasty.send({ type: 'typing', room: cast.lobby });
    expect((await hasty.closed).code).toBe(4429);
    cast.clock.advance(1);
    spend(patient, limits.frameBurst + 100);
    expect(await patient.errors(200)).toHaveLength(200);
    expect(patient.isClosed).toBe(false);
    patient.send({ type: 'typing', room: cast.lobby });
    expect((await patient.closed).code).toBe(4429);
  });

  test('P-LIMIT-3, fault 15: pings count as frames, and one beyond the limit closes with 4429', async () => {
    const socket = await cast.ada.connect();
    for (let i = 0; i < limits.frameBurst - 2; i += 1) socket.ping();
    await socket.settle();
    expect(socket.isClosed).toBe(false);
    socket.ping();
    expect((await socket.closed).code).toBe(4429);
  });

  test('P-LIMIT-3, I9: more than 200 pongs that nobody asked for close with 4429', async () => {
    const raw = await RawSocket.open(cast.server.origin, await cast.ada.ticket());
    const pongs = (count: number) => Buffer.concat(Array.from({ length: count }, () => clientFrame(0x8a, 'p')));
    raw.write(Buffer.concat([pongs(limits.frameBurst), clientFrame(0x89, 'still there')]));
    expect(await raw.next()).toMatchObject({ opcode: 10 });
    raw.write(pongs(1));
    expect(await raw.closeCode()).toBe(4429);
  });

  test('P-SEND-10, fault 15: a person sends 30 at once and 10 a second, over everything together', async () => {
    const grace = cast.grace;
    const [one, two] = [await grace.connect(), await (await grace.elsewhere()).connect()];
    const ids = Array.from({ length: 10 }, (_, i) => `${i}`);
    for (const id of ids) {
      expect((await one.say(cast.lobby, `one-${id}`, 'Text')).type).toBe('ack');
      expect((await two.say(cast.lobby, `two-${id}`, 'Text')).type).toBe('ack');
      await grace.post(cast.lobby, `http-${id}`, 'Text');
    }
    const refused = { code: 'rate_limited', id: 'over', room: cast.lobby, retryAfter: 1 };
    expect(await one.say(cast.lobby, 'over', 'Over')).toMatchObject(refused);
    expect(await two.say(cast.lobby, 'over', 'Over')).toMatchObject(refused);
    const answer = await grace.request('POST', `/api/rooms/${cast.lobby}/messages`, { id: 'over', body: 'Over' });
    expect([answer.status, answer.body]).toMatchObject([429, { code: 'rate_limited', retryAfter: 1 }]);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect((await (await cast.ada.connect()).say(cast.lobby, 'mine', 'Mine')).type).toBe('ack');
    cast.clock.advance(1_000);
    for (const id of ids) expect((await one.say(cast.lobby, `later-${id}`, 'Text')).type).toBe('ack');
    expect(await two.say(cast.lobby, 'over', 'Over')).toMatchObject(refused);
    const { items } = await cast.ada.history(cast.lobby, '?limit=100');
    expect(items.some((event) => event.event === 'message' && event.id === 'over')).toBe(false);
  });
});

describe('limits on what the server holds', () => {
  test('P-LIMIT-8, I9: a person has 100 connections; a further one is closed, and those that are there stay', async () => {
    const { server, clock, ada, grace, lobby } = await gatherCast();
    const other = await ada.elsewhere();
    const sockets: TestSocket[] = [];
    for (let i = 0; i < limits.socketsAPerson; i += 1) sockets.push(await (i % 2 ? ada : other).connect());
    // So many tickets at once are too many by themselves.
    clock.advance(30_000);
    const further = async () => {
      const socket = await ada.open();
      socket.send({ type: 'authenticate', token: await ada.token() });
      return socket;
    };
    expect(await (await further()).closed).toEqual({ code: 4429, reason: 'Too many connections of one person.' });
    expect((await (await grace.connect()).join(lobby)).room).toBe(lobby);
    const [first] = sockets;
    first?.send({ type: 'authenticate', token: await other.token() });
    expect((await first?.next('authenticated'))?.user.id).toBe(ada.id);
    await sockets.pop()?.cut();
    await expect.poll(async () => (await (await further()).next('authenticated')).user.id).toBe(ada.id);
    await server.stop();
  });

  test('P-LIMIT-5, I9: with 256 commands under way it reads no further, and loses none of them', async () => {
    const { server, ada, lobby } = await gatherCast({ environment: { PARLOUR_RATE_LIMITS: 'off' } });
    const socket = await ada.connect();
    const body = 'x'.repeat(limits.bodyCharacters);
    const ids = Array.from({ length: 3_000 }, (_, i) => `m-${i}`);
    const release = holdWrites(server);
    for (const id of ids) socket.send({ type: 'send', room: lobby, id, body });
    for (let i = 0; i < 2; i += 1) await ada.rooms();
    const taken = ids.length * body.length - socket.unsent;
    // 256 of them, and what the kernel keeps on both sides.
    expect(taken).toBeLessThan(ids.length * body.length * 0.75);
    release();
    const answers = await socket.answers(ids);
    expect(answers.flatMap((answer) => (answer.type === 'ack' ? [answer.seq] : []))).toEqual(ids.map((_, i) => i + 3));
    await server.stop();
  });
});
