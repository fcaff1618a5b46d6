import { closeCodes, shouldReconnect } from '@parlour/protocol/close-codes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byHand } from '../by-hand.ts';
import { type Cast, gatherCast } from '../cast.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await gatherCast();
});
afterAll(() => cast.server.stop());

describe('closing', () => {
  test('P-CLOSE-1: every code says whether to come back, and other ends are cuts', () => {
    const back = Object.values(closeCodes).filter(({ reconnect }) => reconnect);
    expect(back.map(({ code }) => code)).toEqual([1011, 1012, 4401, 4408, 4429, 4508]);
    for (const { code, reconnect } of Object.values(closeCodes)) expect(shouldReconnect(code)).toBe(reconnect);
    expect([1000, 1001, 1005, 1006, 4999].map(shouldReconnect)).toEqual([false, true, true, true, true]);
  });

  test('P-CLOSE-1: the reason is a sentence that fits into a close frame', async () => {
    const socket = await cast.ada.open();
    socket.sendRaw(JSON.stringify({ type: 'authenticate', token: 7, [`x${'y'.repeat(500)}`]: 1 }));
    const { code, reason } = await socket.closed;
    expect([code, reason.length > 0]).toEqual([4400, true]);
  });

  test('P-CLOSE-1, fault 10, fault 23: a fault of the server is 1011, and never looks like a sign-out', async () => {
    const [socket, token] = [await cast.ada.open(), await cast.ada.token()];
    const bystander = await cast.grace.connect();
    byHand(cast.server, (db) => db.exec('ALTER TABLE session RENAME TO elsewhere'));
    socket.send({ type: 'authenticate', token });
    expect((await socket.closed).code).toBe(1011);
    expect((await cast.ada.request('GET', '/api/account')).status).toBe(500);
    byHand(cast.server, (db) => db.exec('ALTER TABLE elsewhere RENAME TO session'));
    expect((await bystander.join(cast.lobby)).room).toBe(cast.lobby);
    expect((await (await cast.ada.connect()).join(cast.lobby)).room).toBe(cast.lobby);
  });

  test('P-CLOSE-1: a client that closes is answered in kind', async () => {
    const socket = await cast.ada.connect();
    expect((await socket.close()).code).toBe(1005);
  });

  test('P-CLOSE-5: a server that stops closes every connection with 1012', async () => {
    const stopping = await gatherCast();
    const sockets = [await stopping.ada.connect(), await stopping.grace.connect(), await stopping.ada.open()];
    await sockets[0]?.join(stopping.lobby);
    const stopped = stopping.server.stop();
    for (const socket of sockets)
      expect(await socket.closed).toEqual({ code: 1012, reason: expect.stringMatching(/^\d\.\d$/) });
    await stopped;
  });
});
