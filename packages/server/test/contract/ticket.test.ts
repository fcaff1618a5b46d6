import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ticket } from '@parlour/protocol/accounts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { readEverything } from '../by-hand.ts';
import { type Cast, gatherCast } from '../cast.ts';
import { startServer } from '../start-server.ts';
import { TestClock } from '../test-clock.ts';
import { TestSocket, UpgradeRefused } from '../test-socket.ts';

describe('tickets', () => {
  let cast: Cast;
  beforeAll(async () => {
    cast = await gatherCast();
  });
  afterAll(() => cast.server.stop());

  const open = (ticket: string) => TestSocket.open(cast.server.origin, ticket);
  const statusOf = (opening: Promise<TestSocket>) =>
    opening.then(
      () => 101,
      (error: unknown) => (error instanceof UpgradeRefused ? error.status : error),
    );

  test('P-TICKET-1, B1: is 256 random bits, for a session and for a bearer, and for nobody else', async () => {
    const bySession = await cast.ada.request<Ticket>('POST', '/api/sockets/tickets', {});
    const authorization = `Bearer ${await cast.ada.token()}`;
    const stranger = cast.server.visit();
    const byBearer = await stranger.request<Ticket>('POST', '/api/sockets/tickets', undefined, { authorization });
    for (const { status, body } of [bySession, byBearer]) {
      expect(status).toBe(201);
      expect(Buffer.from(body.ticket, 'base64url')).toHaveLength(32);
      expect(body.ticket).toMatch(/^[\w-]{43}$/);
      expect(Date.parse(body.expiresAt)).toBe(cast.clock.now() + 30_000);
      expect(await statusOf(open(body.ticket))).toBe(101);
    }
    expect(bySession.body.ticket).not.toBe(byBearer.body.ticket);
    expect((await stranger.request('POST', '/api/sockets/tickets', {})).status).toBe(401);
    const garbled = { authorization: 'Bearer nothing' };
    expect((await cast.ada.request('POST', '/api/sockets/tickets', {}, garbled)).status).toBe(401);
  });

  test('P-TICKET-1, B1: stands nowhere in the data folder or the database', async () => {
    const ticket = await cast.ada.ticket();
    await cast.ada.createRoom('so that something is written after it');
    const stored = readEverything(cast.server);
    expect(stored.includes('so that something is written after it')).toBe(true);
    expect(stored.includes(ticket)).toBe(false);
    expect(await statusOf(open(ticket))).toBe(101);
  });

  test('P-TICKET-2, B2, fault 12: opens one connection, and no second one', async () => {
    const ticket = await cast.ada.ticket();
    expect(await statusOf(open(ticket))).toBe(101);
    expect(await statusOf(open(ticket))).toBe(401);
  });

  test('P-TICKET-2, fault 12: lets one of many upgrades at the same moment through', async () => {
    const ticket = await cast.ada.ticket();
    const statuses = await Promise.all(Array.from({ length: 20 }, () => statusOf(open(ticket))));
    expect(statuses.filter((status) => status === 101)).toHaveLength(1);
    expect(statuses.filter((status) => status === 401)).toHaveLength(19);
  });

  test('P-TICKET-3, B1: lives 30 seconds, which is judged when it is used', async () => {
    const [inTime, late] = [await cast.ada.ticket(), await cast.ada.ticket()];
    cast.clock.advance(29_999);
    expect(await statusOf(open(inTime))).toBe(101);
    cast.clock.advance(1);
    expect(await statusOf(open(late))).toBe(401);
  });

  test('P-TICKET-3: lives as long as the setting says, at most 15 minutes', async () => {
    const clock = new TestClock();
    const server = await startServer({ clock, environment: { PARLOUR_TICKET_TTL: '7' } });
    const ada = await server.signUp('Ada');
    const { body } = await ada.request<Ticket>('POST', '/api/sockets/tickets', {});
    expect(Date.parse(body.expiresAt)).toBe(clock.now() + 7_000);
    await server.stop();
    expect(readConfig({ PARLOUR_TICKET_TTL: '900' }).ticketTtl).toBe(900);
    expect(() => readConfig({ PARLOUR_TICKET_TTL: '901' })).toThrow('PARLOUR_TICKET_TTL');
  });

  test('P-TICKET-2: a ticket does not outlive the process, whatever its storage brings back', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parlour-ticket-'));
    const first = await startServer({ folder });
    const ada = await first.signUp('Ada');
    const ticket = await ada.ticket();
    await first.stop();
    const second = await startServer({ folder });
    expect(await statusOf(TestSocket.open(second.origin, ticket))).toBe(401);
    ada.moveTo(second.origin);
    expect(await statusOf(TestSocket.open(second.origin, await ada.ticket()))).toBe(101);
    await second.stop();
    rmSync(folder, { recursive: true });
  });

  test('P-TICKET-4, fault 12: is made by POST only', async () => {
    expect(await statusOf(open(await cast.ada.ticket()))).toBe(101);
    const answer = await cast.ada.request('GET', '/api/sockets/tickets');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('P-TICKET-5: authenticates nothing once its grant has ended', async () => {
    const browser = await cast.ada.elsewhere();
    const [allowed, ticket, token] = [await browser.ticket(), await browser.ticket(), await browser.token()];
    const first = await open(allowed);
    first.send({ type: 'authenticate', token });
    await first.next('authenticated');
    await browser.signOut();
    const socket = await open(ticket);
    socket.send({ type: 'authenticate', token });
    expect((await socket.closed).code).toBe(4401);
    const other = await open(await browser.elsewhere().then((again) => again.ticket()));
    other.send({ type: 'authenticate', token });
    expect((await other.closed).code).toBe(4401);
    expect([...socket.log, ...other.log]).toEqual([]);
  });
});
