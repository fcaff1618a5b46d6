import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Cast, gatherCast } from '../test/cast.ts';

const proxy = { PARLOUR_TRUSTED_PROXIES: '127.0.0.1,::1' };
let cast: Cast;

/** The status of one upgrade, raw: what a browser's script never sees. */
async function upgrade(ticket: string, from: string): Promise<{ status: number; retryAfter: string | undefined }> {
  const { port } = new URL(cast.server.origin);
  const socket = connect(Number(port), '127.0.0.1');
  const lines = [
    'GET /api/socket HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Sec-WebSocket-Protocol: parlour.v1, ticket.${ticket}`,
    `X-Forwarded-For: ${from}`,
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const [head] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(String(head)) ?? [];
  return { status: Number(status), retryAfter: /^retry-after: (\d+)/im.exec(String(head))?.[1] };
}

const rows = () => cast.server.app.fetch(new Request(`${cast.server.origin}/api/workspace`));

beforeEach(async () => {
  cast = await gatherCast({ environment: proxy });
});
afterEach(() => cast.server.stop());

describe('upgrades', () => {
  it('P-LIMIT-7: with no ticket that opens anything are soon refused for their network, with 429, and for no other', async () => {
    expect((await upgrade(await cast.ada.ticket(), '198.51.100.1')).status).toBe(101);
    const statuses: number[] = [];
    for (let n = 0; n < 230; n += 1) statuses.push((await upgrade('A'.repeat(43), '198.51.100.1')).status);
    expect(statuses[0]).toBe(401);
    expect(statuses.at(-1)).toBe(429);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(210);
    const limited = await upgrade(await cast.ada.ticket(), '198.51.100.1');
    expect(limited.status).toBe(429);
    expect(Number(limited.retryAfter)).toBeGreaterThanOrEqual(1);
    expect((await upgrade(await cast.ada.ticket(), '198.51.100.2')).status).toBe(101);
    expect((await rows()).status).toBe(200);
    cast.clock.advance(60_000);
    expect((await upgrade(await cast.ada.ticket(), '198.51.100.1')).status).toBe(101);
  });
});
