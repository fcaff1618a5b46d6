import { limits } from '@parlour/protocol/limits';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, gatherCast } from '../cast.ts';
import { TestSocket } from '../test-socket.ts';

const heartbeat = { pingInterval: 100, heartbeatTimeout: 800 };

describe('life signs', () => {
  let cast: Cast;
  beforeAll(async () => {
    cast = await gatherCast({ heartbeat });
  });
  afterAll(() => cast.server.stop());

  async function connectMute(): Promise<TestSocket> {
    const [socket, token] = [await cast.ada.open({ autoPong: false }), await cast.ada.token()];
    socket.send({ type: 'authenticate', token });
    await socket.next('authenticated');
    return socket;
  }

  test('P-PING-1, I9: every 20 seconds, and 45 of silence are the end', () => {
    expect([limits.pingInterval, limits.heartbeatTimeout]).toEqual([20_000, 45_000]);
  });

  test('P-PING-1, B6: pings each connection by its own clock', async () => {
    for (let i = 0; i < 3; i += 1) {
      const ticket = await cast.ada.ticket();
      // The clock of a connection starts later than this, and never before: a beat of all would come too soon.
      const from = performance.now();
      const socket = await TestSocket.open(cast.server.origin, ticket);
      for (const times of [1, 2]) {
        await socket.pinged();
        // Times are kept in whole milliseconds.
        expect(performance.now() - from).toBeGreaterThan(times * heartbeat.pingInterval - 2);
      }
      await socket.cut();
    }
  });

  test('P-PING-1, B6: cuts who says nothing at all, and nobody who answers', async () => {
    const answering = await cast.ada.connect();
    const from = performance.now();
    const mute = await connectMute();
    expect((await mute.closed).code).toBe(1006);
    expect(performance.now() - from).toBeGreaterThan(heartbeat.heartbeatTimeout - 2);
    for (let i = 0; i < 3; i += 1) await answering.pinged();
    expect((await answering.join(cast.lobby)).room).toBe(cast.lobby);
  });

  test('P-PING-2: answers a ping of a client that sees no others, once it is authenticated', async () => {
    const socket = await cast.ada.connect();
    socket.send({ type: 'ping' });
    expect(await socket.next('pong')).toEqual({ type: 'pong' });
    const stranger = await cast.ada.open();
    stranger.send({ type: 'ping' });
    expect((await stranger.closed).code).toBe(4401);
  });

  test('P-PING-1: any frame is a sign of life, not only a pong', async () => {
    const speaking = await connectMute();
    for (let i = 0; i < 8; i += 1) {
      await speaking.pinged();
      speaking.send({ type: 'read', room: cast.lobby, seq: 1 });
    }
    expect((await speaking.join(cast.lobby)).room).toBe(cast.lobby);
    expect((await speaking.closed).code).toBe(1006);
  });
});
