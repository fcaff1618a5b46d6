import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, gatherCast } from '../cast.ts';
import { deepJson } from '../deep-json.ts';
import { clientFrame, RawSocket } from '../raw-socket.ts';
import type { TestSocket } from '../test-socket.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await gatherCast();
});
afterAll(() => cast.server.stop());

const idsInLobby = async () =>
  (await cast.ada.history(cast.lobby)).items.flatMap((event) => (event.event === 'message' ? [event.id] : []));

describe('frames', () => {
  test('P-FRAME-1: unknown fields are ignored', async () => {
    const socket = await cast.ada.connect();
    socket.sendRaw(JSON.stringify({ type: 'join', room: cast.lobby, after: 0, colour: 'red', '': null }));
    expect((await socket.next('joined')).room).toBe(cast.lobby);
    await socket.cut();
  });

  test('P-FRAME-1: what comes is one JSON object with a type', async () => {
    const raw = await RawSocket.open(cast.server.origin, await cast.ada.ticket());
    raw.write(clientFrame(0x81, JSON.stringify({ type: 'authenticate', token: await cast.ada.token() })));
    expect(JSON.parse(await raw.text())).toMatchObject({ type: 'authenticated' });
  });

  test('P-FRAME-2, fault 4, fault 10: tells what makes no sense, with the field and the id', async () => {
    const room = cast.lobby;
    const send = { type: 'send', id: 'a', room, body: 'Hello' };
    const table: [frame: string | object, field: string | undefined, id: string | undefined][] = [
      ['no JSON', undefined, undefined],
      ['', undefined, undefined],
      ['{"type":"send"', undefined, undefined],
      ['[]', undefined, undefined],
      ['null', undefined, undefined],
      ['7', undefined, undefined],
      ['"send"', undefined, undefined],
      [[send], undefined, undefined],
      [{}, 'type', undefined],
      [{ type: 7 }, 'type', undefined],
      [{ type: 'sing', id: 'a' }, 'type', 'a'],
      [{ type: '__proto__' }, 'type', undefined],
      [{ type: 'constructor' }, 'type', undefined],
      [{ ...send, body: undefined }, 'body', 'a'],
      [{ ...send, body: 7 }, 'body', 'a'],
      [{ ...send, body: null }, 'body', 'a'],
      [{ ...send, room: undefined }, 'room', 'a'],
      [{ ...send, room: { id: room } }, 'room', 'a'],
      [{ ...send, room: '' }, 'room', 'a'],
      [{ ...send, room: 'r'.repeat(65) }, 'room', 'a'],
      [{ ...send, id: undefined }, 'id', undefined],
      [{ ...send, id: '' }, 'id', undefined],
      [{ ...send, id: 7 }, 'id', undefined],
      [{ ...send, id: 'not ok' }, 'id', undefined],
      [{ ...send, id: 'i'.repeat(65) }, 'id', undefined],
      [{ ...send, data: 'd'.repeat(4 * 1024) }, 'data', 'a'],
      [`{"type":"send","id":"a","room":"${room}","body":"Deep","data":${deepJson(9_000)}}`, 'data', 'a'],
      [{ type: 'join' }, 'room', undefined],
      [{ type: 'join', room, after: -1 }, 'after', undefined],
      [{ type: 'join', room, after: 1.5 }, 'after', undefined],
      [{ type: 'join', room, after: '1' }, 'after', undefined],
      [{ type: 'join', room, after: null }, 'after', undefined],
      [{ type: 'join', room, after: 2 ** 53 }, 'after', undefined],
      [{ type: 'leave', room: [] }, 'room', undefined],
      [{ type: 'typing' }, 'room', undefined],
      [{ type: 'read', room }, 'seq', undefined],
      [{ type: 'read', room, seq: -1 }, 'seq', undefined],
      [{ type: 'authenticate' }, 'token', undefined],
      [{ type: 'authenticate', token: {} }, 'token', undefined],
    ];
    const socket = await cast.ada.connect();
    expect(await socket.say(room, 'right', 'Right')).toMatchObject({ type: 'ack' });
    for (const [number, [frame, field, id]] of table.entries()) {
      if (number % 9 === 0) cast.clock.advance(10_000);
      socket.sendRaw(typeof frame === 'string' ? frame : JSON.stringify(frame));
      const error = await socket.next('error');
      expect([frame, error]).toEqual([frame, { ...error, code: 'malformed', detail: expect.stringMatching(/./) }]);
      expect([frame, error.field, error.id]).toEqual([frame, field, id]);
    }
    expect(await idsInLobby()).not.toContain('a');
    expect((await socket.join(room)).room).toBe(room);
    await socket.cut();
  });

  test('P-FRAME-2: deeply nested JSON is refused or carried, and nothing falls over', async () => {
    const socket = await cast.ada.connect();
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const frame = (id: string, data: string) =>
      `{"type":"send","room":"${cast.lobby}","id":"${id}","body":"Deep","data":${data}}`;
    socket.sendRaw(frame('deep', nested(2_000)));
    expect((await socket.answer('deep')).type).toBe('ack');
    socket.sendRaw(frame('deeper', nested(30_000)));
    expect(await socket.answer('deeper')).toMatchObject({ code: 'malformed', field: 'data' });
    socket.sendRaw(nested(32_000));
    expect(await socket.next('error')).toMatchObject({ code: 'malformed' });
    await socket.cut();
  });

  test('P-FRAME-3: the tenth malformed frame within ten seconds closes with 4400', async () => {
    const [patient, hasty] = [await cast.ada.connect(), await cast.ada.connect()];
    const spoil = async (socket: TestSocket) => {
      for (let i = 0; i < 9; i += 1) socket.sendRaw('nonsense');
      for (let i = 0; i < 9; i += 1) await socket.next('error');
    };
    await Promise.all([spoil(patient), spoil(hasty)]);
    cast.clock.advance(9_999);
    hasty.sendRaw('nonsense');
    expect((await hasty.closed).code).toBe(4400);
    cast.clock.advance(1);
    await spoil(patient);
    expect((await patient.join(cast.lobby)).room).toBe(cast.lobby);
  });

  test('P-FRAME-4: a binary frame closes with 1003, before and after authentication', async () => {
    for (const socket of [await cast.ada.open(), await cast.ada.connect()]) {
      socket.sendRaw(Buffer.from(JSON.stringify({ type: 'join', room: cast.lobby })));
      expect((await socket.closed).code).toBe(1003);
    }
  });

  test('P-FRAME-5, I9, fault 15: a frame of more than 64 KiB closes with 1009, before and after', async () => {
    const frame = JSON.stringify({ type: 'join', room: cast.lobby });
    const allowed = await cast.ada.connect();
    allowed.sendRaw(frame.padEnd(64 * 1024, ' '));
    expect((await allowed.next('joined')).room).toBe(cast.lobby);
    for (const socket of [await cast.ada.open(), await cast.ada.connect()]) {
      socket.sendRaw(frame.padEnd(64 * 1024 + 1, ' '));
      expect((await socket.closed).code).toBe(1009);
      expect(socket.log.map(({ type }) => type)).not.toContain('joined');
    }
  });

  test('P-FRAME-6, P-CLOSE-1, fault 10: violations close with 1002, 1007 or 1008, and nobody else notices', async () => {
    const bystander = await cast.grace.connect();
    const open = async () => RawSocket.open(cast.server.origin, await cast.ada.ticket());
    const authenticate = JSON.stringify({ type: 'authenticate', token: await cast.ada.token() });
    const allowed = await open();
    allowed.write(clientFrame(0x01, authenticate.slice(0, 20)));
    for (let i = 2; i < 64; i += 1) allowed.write(clientFrame(0, authenticate.charAt(18 + i)));
    allowed.write(clientFrame(0x80, authenticate.slice(82)));
    expect(JSON.parse(await allowed.text())).toMatchObject({ type: 'authenticated' });
    const table: [what: string, bytes: Buffer, code: number][] = [
      ['not masked', Buffer.from([0x81, 0x02, 0x7b, 0x7d]), 1002],
      ['a reserved bit', clientFrame(0xc1, '{}'), 1002],
      ['an unknown opcode', clientFrame(0x83, '{}'), 1002],
      ['a continuation of nothing', clientFrame(0x80, '{}'), 1002],
      ['a control frame in pieces', clientFrame(0x09, 'x'), 1002],
      ['a control frame that is too long', clientFrame(0x89, 'x'.repeat(126)), 1002],
      ['an impossible close code', clientFrame(0x88, Buffer.from([0x03, 0xe7])), 1002],
      ['a close code of one byte', clientFrame(0x88, Buffer.from([0x03])), 1002],
      ['text that is not UTF-8', clientFrame(0x81, Buffer.from([0x7b, 0xff, 0xfe, 0x7d])), 1007],
      ['a close reason that is not UTF-8', clientFrame(0x88, Buffer.from([0x03, 0xe8, 0xff])), 1007],
    ];
    for (const [what, bytes, code] of table) {
      const raw = await open();
      raw.write(bytes);
      expect([what, await raw.closeCode()]).toEqual([what, code]);
    }
    const inPieces = await open();
    // What is kept of each piece, however small, is the piece and what came between it and the next (I9).
    inPieces.write(Buffer.concat([clientFrame(0x01, '{'), ...Array.from({ length: 64 }, () => clientFrame(0, ' '))]));
    expect(await inPieces.closeCode()).toBe(1008);
    const byteByByte = await open();
    const closed = byteByByte.closeCode();
    let isClosed = false;
    void closed.then(() => {
      isClosed = true;
    });
    // What is held of it until it is complete must not be many times as much as was sent (I9).
    for (const byte of clientFrame(0x81, 'x'.repeat(20_000))) {
      if (isClosed) break;
      byteByByte.write(Buffer.from([byte]));
      await setImmediate();
    }
    expect(await closed).toBe(1008);
    expect((await bystander.join(cast.lobby)).room).toBe(cast.lobby);
  });

  test('P-FRAME-7: commands are taken up in the order in which they came', async () => {
    const socket = await cast.ada.connect();
    await socket.join(cast.lobby);
    const ids = Array.from({ length: 15 }, (_, i) => `o-${i}`);
    for (const id of ids) socket.send({ type: 'send', room: cast.lobby, id, body: id });
    socket.send({ type: 'leave', room: cast.lobby });
    socket.send({ type: 'leave', room: cast.lobby });
    expect((await socket.next('left')).room).toBe(cast.lobby);
    expect((await socket.next('error')).code).toBe('not_joined');
    expect(new Set((await socket.answers(ids)).map(({ type }) => type))).toEqual(new Set(['ack']));
    expect((await idsInLobby()).filter((id) => id.startsWith('o-'))).toEqual(ids);
    await socket.cut();
  });
});
