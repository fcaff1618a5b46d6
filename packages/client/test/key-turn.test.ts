import { EventEmitter, once } from 'node:events';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Bot } from '../../server/test/bot.ts';
import { startServer, type TestServer } from '../../server/test/start-server.ts';
import { TestClock } from '../../server/test/test-clock.ts';
import type { Visitor } from '../../server/test/visitor.ts';
import { createClient } from '../src/client.ts';
import { ManualEnvironment } from './manual-environment.ts';
import { spoilingSocket } from './spoiling-socket.ts';
import { clientOf, hurry, isLive, letPass, type TestClient, whenRoom, whenState } from './test-client.ts';

const ticketRequest = 'POST /api/sockets/tickets';
const period = 30 * 24 * 60 * 60 * 1_000;

describe('a client whose server and clock go on', () => {
  let server: TestServer;
  let clock: TestClock;
  let ada: Visitor;
  let environment: ManualEnvironment;
  let made: TestClient;
  let authenticated: number;
  const told = new EventEmitter();

  beforeEach(async () => {
    clock = new TestClock();
    server = await startServer({ clock });
    // 100 s before the server signs with another key; signing in afterwards keeps the session young.
    clock.advance(period - (clock.now() % period) - 100_000);
    ada = await server.signUp('Ada');
    environment = new ManualEnvironment(clock.now());
    authenticated = 0;
    const WebSocket = spoilingSocket((frame) => {
      if (frame.type === 'authenticated') {
        authenticated += 1;
        setImmediate(() => told.emit('authenticated'));
      }
      return [frame];
    });
    made = clientOf(ada, { environment, WebSocket });
    made.client.connect();
    await whenState(made.client, 'ready');
  });

  afterEach(async () => {
    made.client.close();
    await server.stop();
  });

  const count = (request: string) => made.requests.filter((each) => each === request).length;

  /** Resolves when the client has been told so often that it is authenticated, the first time and by renewals. */
  async function whenAuthenticated(times: number): Promise<void> {
    while (authenticated < times) await once(told, 'authenticated');
  }

  /** The server takes a command from the client's socket, and answers it. */
  async function join(): Promise<void> {
    const room = made.client.room((await ada.rooms())[0]?.id ?? '');
    room.open();
    await whenRoom(room, isLive);
    room.close();
  }

  test('P-TOKEN-4, P-CLIENT-4, A8: renews on the live socket across the change of the server’s key', async () => {
    const kid = decodeProtectedHeader(await ada.token()).kid;
    clock.advance(245_000);
    await letPass(environment, 245_000);
    expect(decodeProtectedHeader(await ada.token()).kid).not.toBe(kid);
    await whenAuthenticated(2);
    expect([count(ticketRequest), made.states]).toEqual([1, ['connecting', 'ready']]);
    // Past the first token’s end: what the socket lives by is the renewed one.
    clock.advance(100_000);
    await letPass(environment, 100_000);
    await join();
    expect([count(ticketRequest), made.client.state.name]).toEqual([1, 'ready']);
  });

  test('P-CLIENT-4, A8: after a sleep that the token outlives, the same socket goes on', async () => {
    clock.advance(200_000);
    environment.sleep(200_000);
    environment.advance(15_000);
    clock.advance(15_000);
    await whenAuthenticated(2);
    expect([count(ticketRequest), made.states]).toEqual([1, ['connecting', 'ready']]);
  });

  test('P-AUTH-9, A8, fault 14: after a longer one it comes back with a new ticket, and nobody is signed out', async () => {
    hurry(made.client, environment);
    clock.advance(3_600_000);
    environment.sleep(3_600_000);
    environment.advance(15_000);
    await made.whenRequested(ticketRequest, 2);
    await whenState(made.client, 'ready');
    await join();
    expect(made.client.state.name).toBe('ready');
    expect(made.states).not.toContain('signed-out');
  });
});

test('P-GRANT-3, P-GRANT-7: an access token is enough to connect by, until it is revoked', async () => {
  const server = await startServer();
  const ada = await server.signUp('Ada');
  const bot = await Bot.of(ada, { scope: 'write' });
  const client = createClient({ url: server.origin, credentials: () => bot.secret });
  client.connect();
  await whenState(client, 'ready');
  expect(client.user).toEqual({ id: ada.id, name: 'Ada' });
  expect(decodeJwt(await bot.token())['sid']).toBe(bot.id);
  await ada.request('DELETE', `/api/account/access-tokens/${bot.id}`);
  await whenState(client, 'signed-out');
  expect(client.state.reason).toBe('This access token was revoked.');
  client.close();
  await server.stop();
});
