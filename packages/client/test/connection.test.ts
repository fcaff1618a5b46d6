import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../server/test/start-server.ts';
import type { Visitor } from '../../server/test/visitor.ts';
import type { Client, ClientOptions } from '../src/client.ts';
import { FaultProxy } from './fault-proxy.ts';
import { ManualEnvironment } from './manual-environment.ts';
import { clientOf, hurry, isLive, letPass, type TestClient, whenRoom, whenState } from './test-client.ts';

const ticketRequest = 'POST /api/sockets/tickets';
const tokenRequest = 'GET /api/auth/token';

describe('a client’s connection to a real server', () => {
  let server: TestServer;
  let proxy: FaultProxy;
  let home: Visitor;
  let ada: Visitor;
  const clients: Client[] = [];

  beforeAll(async () => {
    server = await startServer({ environment: { PARLOUR_RATE_LIMITS: 'off' } });
    home = await server.signUp('Ada');
  });

  beforeEach(async () => {
    proxy = await FaultProxy.open(server.origin);
    ada = await home.elsewhere();
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await proxy.close();
  });

  afterAll(() => server.stop());

  /** Over the network that fails; retries at once unless told otherwise. */
  function connectTo(visitor: Visitor, options: ClientOptions = {}): TestClient {
    const made = clientOf(visitor, { url: proxy.origin, retry: { interval: 1 }, ...options });
    clients.push(made.client);
    made.client.connect();
    return made;
  }

  const count = (requests: string[], request: string) => requests.filter((made) => made === request).length;

  test('B7: is ready only when authenticated, and knows who is', async () => {
    const { client, states } = connectTo(ada);
    expect(client.user).toBeUndefined();
    await whenState(client, 'ready');
    expect(states).toEqual(['connecting', 'ready']);
    expect(client.user).toEqual({ id: ada.id, name: 'Ada' });
    expect(client.state).toEqual({ name: 'ready', attempt: 0 });
  });

  test('P-CLOSE-2, fault 14: each attempt fetches its own ticket and token', async () => {
    const { client, requests } = connectTo(ada);
    await whenState(client, 'ready');
    proxy.cut();
    await whenState(client, 'offline');
    await whenState(client, 'ready');
    expect([count(requests, ticketRequest), count(requests, tokenRequest)]).toEqual([2, 2]);
  });

  test('P-CLOSE-3, fault 23: an outage is told, and signs nobody out', async () => {
    const { client, states } = connectTo(ada);
    await whenState(client, 'ready');
    proxy.refuse();
    await whenState(client, 'offline');
    await whenState(client, 'connecting');
    await whenState(client, 'offline');
    expect(client.state.reason).toBe('Parlour cannot be reached.');
    expect(client.user?.id).toBe(ada.id);
    proxy.heal();
    await whenState(client, 'ready');
    expect(states).not.toContain('signed-out');
  });

  test('I7, A8: signing out ends it for good, with the reason', async () => {
    const { client, requests } = connectTo(ada);
    await whenState(client, 'ready');
    const before = requests.length;
    await ada.signOut();
    await whenState(client, 'signed-out');
    expect(client.state.reason).toBe('You signed out.');
    expect(client.user).toBeUndefined();
    expect(requests.length).toBe(before);
  });

  test('P-CLOSE-3: a visitor without a login is signed out by the ticket request, and connects after signing in', async () => {
    const visitor = server.visit();
    const { client } = connectTo(visitor);
    await whenState(client, 'signed-out');
    expect(client.state.reason).toMatch(/\w/);
    await visitor.signUp('Grace');
    client.connect();
    await whenState(client, 'ready');
    expect(client.user?.name).toBe('Grace');
  });

  test('fault 23: a server that says when to come back is not asked before, and nobody is signed out', async () => {
    const environment = new ManualEnvironment();
    const asked: string[] = [];
    const { client } = connectTo(ada, {
      environment,
      fetch: async (input) => {
        asked.push(new URL(String(input)).pathname);
        return new Response('Parlour is starting.', { status: 503, headers: { 'retry-after': '7' } });
      },
    });
    await whenState(client, 'offline');
    expect(client.state.retryAt).toBeGreaterThanOrEqual(environment.now() + 7_000);
    const before = asked.length;
    environment.advance(6_999);
    expect([client.state.name, asked.length]).toEqual(['offline', before]);
    environment.advance(2);
    expect(client.state.name).toBe('connecting');
  });

  test.each(['online', 'visible'] as const)('P-CLOSE-5: %s is no reason to come back too early', async (signal) => {
    const environment = new ManualEnvironment();
    const { client } = connectTo(ada, {
      environment,
      fetch: async () => new Response('Parlour is starting.', { status: 503, headers: { 'retry-after': '7' } }),
      retry: { interval: 30_000 },
    });
    await whenState(client, 'offline');
    environment.advance(6_999);
    environment.signal(signal);
    expect(client.state.name).toBe('offline');
    environment.advance(1);
    environment.signal(signal);
    expect(client.state.name).toBe('connecting');
  });

  test('B7: the retry counter starts over when it is ready, and gives up after `times`', async () => {
    const { client } = connectTo(ada, { retry: { interval: 1, times: 2 } });
    await whenState(client, 'ready');
    for (let round = 0; round < 3; round += 1) {
      proxy.cut();
      await whenState(client, 'offline');
      await whenState(client, 'ready');
    }
    proxy.refuse();
    await whenGivenUp(client);
    expect(client.state.attempt).toBe(2);
    proxy.heal();
    client.connect();
    await whenState(client, 'ready');
  });

  test('P-CLIENT-4, A8, fault 6: renews the token on the live socket before it ends, and needs no new connection', async () => {
    const environment = new ManualEnvironment();
    const { client, requests, states, whenRequested } = connectTo(ada, { environment });
    await whenState(client, 'ready');
    await letPass(environment, 235_000);
    await client.api.request('GET', '/api/account');
    expect(count(requests, tokenRequest)).toBe(1);
    environment.advance(10_000);
    await whenRequested(tokenRequest, 2);
    expect(count(requests, ticketRequest)).toBe(1);
    expect(states).toEqual(['connecting', 'ready']);
  });

  test('A8, fault 6: after a laptop’s sleep the token is renewed with the first tick', async () => {
    const environment = new ManualEnvironment();
    const { client, whenRequested } = connectTo(ada, { environment });
    await whenState(client, 'ready');
    environment.sleep(3_600_000);
    environment.advance(15_000);
    await whenRequested(tokenRequest, 2);
    expect(client.state.name).toBe('ready');
  });

  test('A8: a renewed token moves the socket’s deadline', async () => {
    const brief = await startServer({ environment: { PARLOUR_TOKEN_TTL: '3' } });
    const { client, requests, states, whenRequested } = connectTo(await brief.signUp('Linus'), { url: brief.origin });
    await whenRequested(tokenRequest, 3);
    await whenState(client, 'ready');
    expect(states).toEqual(['connecting', 'ready']);
    expect(count(requests, ticketRequest)).toBe(1);
    client.close();
    await brief.stop();
  });

  test('the network’s coming back is taken as the moment to try', async () => {
    const environment = new ManualEnvironment();
    const { client } = connectTo(ada, { environment, retry: { interval: 30_000 } });
    await whenState(client, 'ready');
    environment.signal('offline');
    expect(client.state).toMatchObject({ name: 'offline', reason: 'This device is offline.' });
    expect(client.state.retryAt).toBeGreaterThan(environment.now());
    environment.signal('online');
    await whenState(client, 'ready');
  });

  test('P-CLIENT-5: a node that swallows the upgrade is given up after five seconds', async () => {
    const environment = new ManualEnvironment();
    proxy.hold();
    const { origin } = proxy;
    const SwallowedSocket = class extends WebSocket {
      constructor(_: string, protocols: string[]) {
        super(origin.replace('http', 'ws'), protocols);
      }
    };
    const { client } = connectTo(ada, { environment, url: server.origin, WebSocket: SwallowedSocket });
    await expect.poll(() => environment.timerCount).toBe(1);
    environment.advance(4_999);
    expect(client.state.name).toBe('connecting');
    environment.advance(1);
    expect(client.state).toMatchObject({ name: 'offline', reason: 'The server does not answer.' });
  });

  test('P-CLIENT-5, P-PING-2: one that stands still while nobody says anything is noticed within 30 seconds', async () => {
    const environment = new ManualEnvironment();
    const { client } = connectTo(ada, { environment });
    await whenState(client, 'ready');
    await letPass(environment, 60_000);
    expect(client.state.name).toBe('ready');
    proxy.hold();
    environment.advance(29_999);
    expect(client.state.name).toBe('ready');
    environment.advance(1);
    expect(client.state).toMatchObject({ name: 'offline', reason: 'The server does not answer.' });
  });

  test('P-CLIENT-5: a server of the release before, which does not know `ping`, is not given up', async () => {
    const environment = new ManualEnvironment();
    const FormerSocket = class extends WebSocket {
      override send(data: string): void {
        super.send(data.replace('"ping"', '"not known yet"'));
      }
    };
    const { client } = connectTo(ada, { environment, WebSocket: FormerSocket });
    await whenState(client, 'ready');
    await letPass(environment, 60_000);
    expect(client.state.name).toBe('ready');
  });

  test('P-CLIENT-5: a server that does not answer a command counts as gone', async () => {
    const environment = new ManualEnvironment();
    const { client } = connectTo(ada, { environment });
    await whenState(client, 'ready');
    const room = client.room((await ada.rooms())[0]?.id ?? '', { after: 0 });
    proxy.hold();
    room.open();
    environment.advance(9_999);
    expect(client.state.name).toBe('ready');
    environment.advance(1);
    expect(client.state).toMatchObject({ name: 'offline', reason: 'The server does not answer.' });
    hurry(client, environment);
    proxy.heal();
    environment.advance(1);
    await whenState(client, 'ready');
  });

  test('B7: after close() nothing fires, nothing is left, and it can be connected again', async () => {
    const environment = new ManualEnvironment();
    const { client, states } = connectTo(ada, { environment });
    await whenState(client, 'ready');
    client.close();
    client.close();
    const told = states.length;
    await ada.signOut();
    expect([states.length, client.state.name]).toEqual([told, 'idle']);
    expect([environment.timerCount, environment.listenerCount]).toEqual([0, 0]);
    client.connect();
    await whenState(client, 'signed-out');
  });

  test('B7: closed by whoever hears first that the connection broke, it stays closed', async () => {
    const environment = new ManualEnvironment();
    const { client, states } = connectTo(ada, { environment });
    const room = client.room((await ada.rooms())[0]?.id ?? '');
    room.open();
    await whenRoom(room, isLive);
    room.subscribe(() => client.close());
    proxy.cut();
    await expect.poll(() => client.state.name).not.toBe('ready');
    expect([client.state, states]).toEqual([{ name: 'idle', attempt: 0 }, ['connecting', 'ready']]);
    expect([environment.timerCount, environment.listenerCount]).toEqual([0, 0]);
  });

  test('B7: who is signed in is known to those who hear that it is ready', async () => {
    const { client } = connectTo(ada);
    const users: unknown[] = [];
    client.on('state', ({ name }) => name === 'ready' && users.push(client.user?.name));
    await whenState(client, 'ready');
    expect(users).toEqual(['Ada']);
  });

  test('P-CLIENT-5: a room that is left before its turn to be joined does not cost the connection', async () => {
    const environment = new ManualEnvironment();
    const { client, states } = connectTo(ada, { environment });
    await whenState(client, 'ready');
    const [first, second] = [await ada.createRoom('first'), await ada.createRoom('second')];
    const nowhere = Array.from({ length: 200 }, (_, number) => client.room(`nowhere-${number}`, { after: 0 }));
    for (const room of nowhere) room.open();
    const brief = client.room(first.id, { after: 0 });
    brief.open();
    brief.close();
    const last = client.room(second.id, { after: 0 });
    last.open();
    environment.advance(2_000);
    await whenRoom(last, isLive);
    // Answers come in any order, and what has none yet would cost the connection with right.
    for (const room of nowhere) await whenRoom(room, ({ state }) => state === 'refused');
    environment.advance(15_000);
    expect(states).toEqual(['connecting', 'ready']);
  });

  test('B7: closed in the middle of an attempt, it stays closed', async () => {
    const { client, states } = connectTo(ada);
    client.close();
    client.connect();
    client.close();
    await client.api.request('GET', '/api/account');
    expect([client.state.name, states]).toEqual(['idle', ['connecting', 'connecting']]);
  });

  test('a token that an application’s own back end hands out is taken as it is', async () => {
    const token = await ada.token();
    const { client, requests } = connectTo(server.visit(), { credentials: () => token });
    await whenState(client, 'ready');
    expect(client.user?.id).toBe(ada.id);
    expect(requests).toEqual([ticketRequest]);
  });
});

function whenGivenUp(client: Client): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.on('state', ({ name, retryAt }) => {
      if (name !== 'offline' || retryAt !== undefined) return;
      stop();
      resolve();
    });
  });
}
