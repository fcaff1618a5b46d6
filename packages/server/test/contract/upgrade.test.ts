import { once } from 'node:events';
import { connect } from 'node:net';
import { offerTicket } from '@parlour/protocol/subprotocol';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hideRevocations } from '../by-hand.ts';
import { type Cast, gatherCast } from '../cast.ts';
import { startServer } from '../start-server.ts';
import { type OpenOptions, TestSocket, UpgradeRefused } from '../test-socket.ts';

const listed = 'https://app.example';

describe('upgrades', () => {
  let cast: Cast;
  beforeAll(async () => {
    cast = await gatherCast({ environment: { PARLOUR_ORIGINS: listed, PARLOUR_TICKET_TTL: '900' } });
  });
  // Refusals are counted by network, and all of these come from one.
  beforeEach(() => cast.clock.advance(60_000));
  afterAll(() => cast.server.stop());

  async function statusOf(ticket: string | undefined, options: OpenOptions = {}): Promise<number> {
    try {
      await (await TestSocket.open(cast.server.origin, ticket, options)).cut();
      return 101;
    } catch (error) {
      if (error instanceof UpgradeRefused) return error.status;
      throw error;
    }
  }
  const withOrigin = (origin: string): OpenOptions => ({ headers: { origin } });

  test('P-UPGRADE-1, B2: finds the socket at one path only', async () => {
    expect(await statusOf(await cast.ada.ticket(), { path: '/api/socket' })).toBe(101);
    for (const path of ['/', '/api', '/api/sockets', '/api/socket/', '/api/socket/x', '/socket', '/API/SOCKET']) {
      expect([path, await statusOf(await cast.ada.ticket(), { path })]).toEqual([path, 404]);
    }
  });

  test('P-UPGRADE-2, B2, fault 15: takes its own and listed origins, and none that is foreign', async () => {
    const { port } = new URL(cast.server.origin);
    // A house on PostgreSQL has a PUBLIC_URL, and no other name of this machine is its own then.
    const loopback = cast.server.databaseUrl === undefined ? [`http://127.0.0.1:${port}`] : [];
    for (const origin of [cast.server.origin, ...loopback, listed]) {
      expect([origin, await statusOf(await cast.ada.ticket(), withOrigin(origin))]).toEqual([origin, 101]);
    }
    expect(await statusOf(await cast.ada.ticket())).toBe(101);
    const foreign = ['https://evil.example', 'null', 'http://localhost', `https://localhost:${port}`, `${listed}.evil`];
    for (const origin of foreign) {
      expect([origin, await statusOf(await cast.ada.ticket(), withOrigin(origin))]).toEqual([origin, 403]);
    }
  });

  test('P-UPGRADE-2: judges the origin whatever Host the request names', async () => {
    const headers = { origin: 'https://evil.example', host: 'evil.example' };
    expect(await statusOf(await cast.ada.ticket(), { headers: { origin: cast.server.origin } })).toBe(101);
    expect(await statusOf(await cast.ada.ticket(), { headers })).toBe(403);
  });

  test('P-UPGRADE-3, B2, B3: takes the ticket as a subprotocol beside parlour.v1, and nowhere else', async () => {
    const fresh = () => cast.ada.ticket();
    expect(await statusOf(await fresh())).toBe(101);
    const refused: [string, OpenOptions][] = [
      ['no ticket', { protocols: ['parlour.v1'] }],
      ['no subprotocol at all', { protocols: [] }],
      ['without parlour.v1', { protocols: [`ticket.${await fresh()}`] }],
      ['another version', { protocols: ['parlour.v2', `ticket.${await fresh()}`] }],
      ['in the query', { protocols: ['parlour.v1'], path: `/api/socket?ticket=${await fresh()}` }],
      ['as a header', { protocols: ['parlour.v1'], headers: { authorization: `Bearer ${await cast.ada.token()}` } }],
      ['as a cookie', { protocols: ['parlour.v1'], headers: { cookie: cast.ada.cookie } }],
      ['unknown', { protocols: offerTicket('A'.repeat(43)) }],
      ['empty', { protocols: ['parlour.v1', 'ticket.'] }],
    ];
    for (const [what, options] of refused) expect([what, await statusOf(undefined, options)]).toEqual([what, 401]);
  });

  test('P-UPGRADE-4: selects parlour.v1, never the ticket, and no extension', async () => {
    const ticket = await cast.ada.ticket();
    const socket = await cast.ada.open({ protocols: [`ticket.${ticket}`, 'parlour.v1'] });
    expect([socket.protocol, socket.extensions]).toEqual(['parlour.v1', '']);
    await socket.cut();
  });

  test('P-UPGRADE-5: a refusal for path or origin leaves the ticket unused', async () => {
    const ticket = await cast.ada.ticket();
    expect(await statusOf(ticket, { path: '/api/other' })).toBe(404);
    expect(await statusOf(ticket, withOrigin('https://evil.example'))).toBe(403);
    expect(await statusOf(ticket)).toBe(101);
  });

  test('P-UPGRADE-1: an offer of another protocol is answered as if it were not there', async () => {
    const { port } = new URL(cast.server.origin);
    const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
    socket.write(
      'GET /api/workspace HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n',
    );
    const [answer] = (await once(socket, 'data')) as [string];
    socket.destroy();
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  test('P-UPGRADE-6, P-REVOKE-4: tells to come back while it cannot vouch for logins', async () => {
    const ticket = await cast.ada.ticket();
    const restore = hideRevocations(cast.server);
    const refusal = await refusedBy503(cast);
    expect(refusal.headers['retry-after']).toBe('1');
    restore();
    await untilTaking(cast, ticket);
  });

  test('P-UPGRADE-6: tells to come back while it stops', async () => {
    const server = await startServer();
    const ada = await server.signUp('Ada');
    const ticket = await ada.ticket();
    const { port } = new URL(server.origin);
    const socket = connect(Number(port), '127.0.0.1').setEncoding('utf8');
    socket.write('GET /api/socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n');
    await ada.rooms();
    const stopped = server.stop();
    socket.write('Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEC==\r\n');
    socket.write(`Sec-WebSocket-Protocol: ${offerTicket(ticket).join(', ')}\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [string];
    expect(answer).toMatch(/^HTTP\/1\.1 503 .*Retry-After: 1\r\n/s);
    await stopped;
  });
});

/** Tries until the server tells to come back. */
async function refusedBy503(cast: Cast): Promise<UpgradeRefused> {
  for (;;) {
    const refusal = await TestSocket.open(cast.server.origin, 'unknown').catch((error: unknown) => error);
    if (!(refusal instanceof UpgradeRefused)) throw refusal;
    if (refusal.status === 503) return refusal;
    cast.clock.advance(100);
  }
}

async function untilTaking(cast: Cast, ticket: string): Promise<void> {
  for (;;) {
    const opened = await TestSocket.open(cast.server.origin, ticket).catch((error: unknown) => error);
    if (opened instanceof TestSocket) return;
    expect(opened).toMatchObject({ status: expect.toBeOneOf([503, 429]) });
    cast.clock.advance(100);
  }
}
