import { closeCodes } from '@parlour/protocol/close-codes';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../server/test/start-server.ts';
import type { Visitor } from '../../server/test/visitor.ts';
import type { Client, ClientOptions, WebSocketClass } from '../src/client.ts';
import { ManualEnvironment } from './manual-environment.ts';
import { MemoryStorage } from './memory-storage.ts';
import { clientOf, whenState } from './test-client.ts';

type Close = (code: number, reason?: string) => void;

/** A real WebSocket to a real server, whose close says what the test wants. */
function closingSocket(): { WebSocket: WebSocketClass; close: Close } {
  let closeLast: Close = () => {};
  const Closing = class extends WebSocket {
    override set onclose(handler: ((event: CloseEvent) => unknown) | null) {
      closeLast = (code, reason = '') => handler?.({ code, reason } as CloseEvent);
    }
  };
  return { WebSocket: Closing, close: (code, reason) => closeLast(code, reason) };
}

describe('a socket that is closed', () => {
  let server: TestServer;
  let ada: Visitor;
  const clients: Client[] = [];

  beforeAll(async () => {
    server = await startServer();
    ada = await server.signUp('Ada');
  });

  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  afterAll(() => server.stop());

  async function connect(options: ClientOptions = {}) {
    const environment = new ManualEnvironment();
    const { WebSocket, close } = closingSocket();
    const made = clientOf(ada, { WebSocket, environment, ...options });
    clients.push(made.client);
    made.client.connect();
    await whenState(made.client, 'ready');
    return { ...made, environment, close };
  }

  const codes = Object.values(closeCodes).map(({ code, reconnect }) => ({ code, reconnect }));

  test.each([
    ...codes,
    { code: 1006, reconnect: true },
    { code: 1001, reconnect: true },
    { code: 1000, reconnect: false },
  ])('P-CLOSE-1, P-CLOSE-2: with $code the client comes back by itself: $reconnect', async ({ code, reconnect }) => {
    const { client, environment, close, requests } = await connect();
    const before = requests.length;
    close(code);
    expect([client.state.name, client.state.retryAt !== undefined]).toEqual([
      code === closeCodes.revoked.code ? 'signed-out' : 'offline',
      reconnect,
    ]);
    expect(client.state.reason).toMatch(/^[A-Z].*\.$/);
    environment.advance(60_000);
    if (reconnect) await whenState(client, 'ready');
    expect(requests.length).toBe(reconnect ? before + 2 : before);
  });

  test('P-CLOSE-1: too fast, it does not come back before a second has passed', async () => {
    const { client, environment, close } = await connect();
    close(closeCodes.tooFast.code);
    expect(client.state.retryAt).toBeGreaterThanOrEqual(environment.now() + 1_000);
  });

  test.each([
    ['signed_out_elsewhere', 0],
    ['banned', 0],
    ['expired', 1],
    ['replaced', 1],
  ] as const)('P-CLOSE-4: after %s, what is unsent is kept for the next login %i times', async (reason, kept) => {
    const storage = new MemoryStorage();
    const { client, close } = await connect({ storage });
    client.room('lobby').send('unsent');
    expect(storage.size).toBe(1);
    close(closeCodes.revoked.code, reason);
    expect([client.state.name, client.state.revocation, storage.size]).toEqual(['signed-out', reason, kept]);
  });
});
