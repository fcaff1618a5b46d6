import type { AccessToken } from '@parlour/protocol/access-tokens';
import type { Page } from '@parlour/protocol/paging';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bot } from '../bot.ts';
import { byHand, lastRevocation } from '../by-hand.ts';
import { type Cast, gatherCast } from '../cast.ts';

const path = '/api/account/access-tokens';
const day = 24 * 60 * 60;

type Problem = { code: string; detail: string };
type Paths = Record<string, Record<string, unknown>>;

let cast: Cast;
beforeAll(async () => {
  cast = await gatherCast();
});
afterAll(() => cast.server.stop());

const sql = (statement: string, ...values: (string | number)[]) =>
  byHand(cast.server, (db) => db.prepare(statement).run(...values));

describe('an access token over HTTP', () => {
  test('P-GRANT-1, B1: is made by its person, shown once, listed and revoked', async () => {
    const bot = await Bot.of(cast.ada, { name: 'Weather' });
    expect(bot.secret).toMatch(/^parlour_pat_[\w-]{43}$/);
    const list = async () => (await cast.ada.request<Page<AccessToken>>('GET', path)).body;
    const { items } = await list();
    expect(items).toContainEqual({
      id: bot.id,
      name: 'Weather',
      scope: 'read',
      createdAt: new Date(cast.clock.now()).toISOString(),
      expiresAt: new Date(Math.floor(cast.clock.now() / 1_000) * 1_000 + 30 * day * 1_000).toISOString(),
      lastUsedAt: null,
    });
    expect(JSON.stringify(items)).not.toContain(bot.secret);
    expect((await cast.ada.request('DELETE', `${path}/${bot.id}`)).status).toBe(204);
    expect((await list()).items.some(({ id }) => id === bot.id)).toBe(false);
    expect((await bot.request('GET', '/api/rooms')).status).toBe(401);
  });

  test('P-GRANT-1: one person has at most 50', async () => {
    const collector = await cast.server.signUp('Collector');
    for (let i = 0; i < 50; i += 1) await Bot.of(collector);
    const { status, body } = await collector.request<Problem>('POST', path, { name: 'One more' });
    expect([status, body.code]).toEqual([422, 'too_many_access_tokens']);
  });

  test('P-GRANT-2: is made, listed and revoked by the session’s cookie alone', async () => {
    const bot = await Bot.of(cast.ada, { scope: 'admin' });
    const bearers = { itself: bot.secret, hanging: await bot.token(), ofTheSession: await cast.ada.token() };
    for (const [what, bearer] of Object.entries(bearers)) {
      const answers = [
        await bot.request<Problem>('GET', path, undefined, bearer),
        await bot.request<Problem>('POST', path, { name: 'Heir' }, bearer),
        await bot.request<Problem>('DELETE', `${path}/${bot.id}`, undefined, bearer),
      ];
      for (const { status, body } of answers)
        expect([what, status, body.code]).toEqual([what, 403, 'insufficient_scope']);
    }
    expect((await bot.request('GET', '/api/rooms')).status).toBe(200);
  });

  test('P-GRANT-2: is made only by somebody who has just shown who they are', async () => {
    const browser = await cast.ada.elsewhere();
    await Bot.of(browser);
    cast.clock.advance(600_000);
    const { status, body } = await browser.request<Problem>('POST', path, { name: 'Late' });
    expect([status, body.code]).toEqual([403, 'confirmation_required']);
    await Bot.of(await cast.ada.elsewhere());
  });

  test('P-GRANT-3, P-TOKEN-1, P-TICKET-5: is a grant by itself, with tokens that never outlive it', async () => {
    const bot = await Bot.of(await cast.ada.elsewhere(), { expiresIn: day });
    expect(decodeJwt(await bot.token())).toMatchObject({ sub: cast.ada.id, sid: bot.id });
    expect((await bot.request('GET', '/api/rooms', undefined, await bot.token())).status).toBe(200);
    const end = Math.floor(cast.clock.now() / 1_000) + 100;
    sql('UPDATE accessTokens SET expiresAt = ? WHERE id = ?', end * 1_000, bot.id);
    const last = await bot.token();
    expect(decodeJwt(last).exp).toBe(end);
    cast.clock.advance(100_000);
    for (const bearer of [bot.secret, last]) {
      expect((await bot.request('GET', '/api/rooms', undefined, bearer)).status).toBe(401);
      expect((await bot.request('POST', '/api/sockets/tickets', undefined, bearer)).status).toBe(401);
    }
  });

  test('P-GRANT-3, P-TOKEN-3: the tokens that hang on it end with it', async () => {
    const bot = await Bot.of(await cast.ada.elsewhere());
    const token = await bot.token();
    expect((await bot.request('GET', '/api/rooms', undefined, token)).status).toBe(200);
    await (await cast.ada.elsewhere()).request('DELETE', `${path}/${bot.id}`);
    for (const bearer of [bot.secret, token]) {
      expect((await bot.request('GET', '/api/rooms', undefined, bearer)).status).toBe(401);
      expect((await bot.request('GET', '/api/auth/token', undefined, bearer)).status).toBe(401);
      expect((await bot.request('POST', '/api/sockets/tickets', undefined, bearer)).status).toBe(401);
    }
  });

  test('P-GRANT-4: may do what its scope covers, also by the tokens that hang on it', async () => {
    const { lobby } = cast;
    const acts: [needed: string, method: string, path: string, body?: object][] = [
      ['read', 'GET', '/api/rooms'],
      ['read', 'GET', `/api/rooms/${lobby}/messages`],
      ['read', 'GET', '/api/posts'],
      ['read', 'POST', '/api/sockets/tickets'],
      ['write', 'POST', `/api/rooms/${lobby}/messages`, { body: 'By a bot' }],
      ['write', 'PUT', `/api/rooms/${lobby}/read`, { seq: 1 }],
      ['write', 'POST', `/api/rooms/${lobby}/invites`, {}],
      ['write', 'POST', '/api/rooms', { name: 'Of a bot' }],
      ['write', 'POST', '/api/posts', { title: 'Of a bot', body: 'Text' }],
    ];
    const browser = await cast.ada.elsewhere();
    for (const scope of ['read', 'write', 'admin']) {
      const bot = await Bot.of(browser, { scope });
      for (const bearer of [bot.secret, await bot.token()]) {
        for (const [needed, method, where, body] of acts) {
          const sent = where.endsWith('/messages') && body ? { ...body, id: `m-${scope}-${bearer.length}` } : body;
          const answer = await bot.request<Problem>(method, where, sent, bearer);
          const what = `${scope}: ${method} ${where}`;
          if (scope === 'read' && needed === 'write') {
            expect([what, answer.status, answer.body.code]).toEqual([what, 403, 'insufficient_scope']);
          } else {
            expect([what, answer.status < 300]).toEqual([what, true]);
          }
        }
      }
    }
  });

  test('P-GRANT-4: has its person’s role in the house with the scope admin alone, as it is at that moment', async () => {
    const head = await cast.server.signUp('Head');
    const bots = { write: await Bot.of(head, { scope: 'write' }), admin: await Bot.of(head, { scope: 'admin' }) };
    const remove = async (bot: Bot) => {
      const room = (await cast.ada.createRoom('Watched')).id;
      for (const person of [cast.grace, head]) await person.join(room);
      return (await bot.request('DELETE', `/api/rooms/${room}/members/${cast.grace.id}`)).status;
    };
    expect([await remove(bots.write), await remove(bots.admin)]).toEqual([403, 403]);
    sql(`UPDATE user SET role = 'admin' WHERE id = ?`, head.id);
    expect([await remove(bots.write), await remove(bots.admin)]).toEqual([403, 204]);
    sql(`UPDATE user SET role = 'member' WHERE id = ?`, head.id);
    expect([await remove(bots.write), await remove(bots.admin)]).toEqual([403, 403]);
  });

  test('P-GRANT-5: reaches no route of an account, whatever its scope, and none that was not thought of', async () => {
    const browser = await cast.ada.elsewhere();
    const bot = await Bot.of(browser, { scope: 'admin' });
    const { paths } = (await browser.request<{ paths: Paths }>('GET', '/api/openapi.json')).body;
    const routes = Object.entries(paths)
      .filter(([where]) => /^\/api\/(account|auth|claim)(\/|$)/.test(where))
      .flatMap(([where, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${where}`))
      .filter((route) => route !== 'GET /api/auth/token');
    expect(routes.length).toBeGreaterThan(8);
    for (const bearer of [bot.secret, await bot.token()]) {
      const status = bearer === bot.secret ? 200 : 403;
      expect((await bot.request('GET', '/api/auth/token', undefined, bearer)).status).toBe(status);
      for (const route of [...routes, 'GET /api/account/not-made-yet', 'POST /api/not-made-yet']) {
        const [method = '', where = ''] = route.split(' ');
        const { status, body } = await bot.request<Problem>(method, where, method === 'GET' ? undefined : {}, bearer);
        expect([route, status, body.code]).toEqual([route, 403, 'insufficient_scope']);
      }
    }
    expect((await browser.request('GET', '/api/account')).status).toBe(200);
  });
});

describe('a connection that hangs on an access token', () => {
  test('P-GRANT-3: joins and gets events like any other', async () => {
    const bot = await Bot.of(await cast.ada.elsewhere());
    const socket = await bot.connect();
    await socket.join(cast.lobby);
    await cast.grace.post(cast.lobby, 'for-the-bot', 'Hello, bot');
    const event = await socket.next('event', (frame) => frame.event === 'message' && frame.id === 'for-the-bot');
    expect(event).toMatchObject({ author: { id: cast.grace.id } });
    await socket.cut();
  });

  test('P-GRANT-6: writes only where its scope covers it, and is told otherwise', async () => {
    const browser = await cast.ada.elsewhere();
    const commands = [
      { type: 'send', room: cast.lobby, id: 'by-a-reader', body: 'By a reader' },
      { type: 'typing', room: cast.lobby },
      { type: 'read', room: cast.lobby, seq: 1 },
    ] as const;
    const writer = await (await Bot.of(browser, { scope: 'write' })).connect();
    await writer.join(cast.lobby);
    expect(await writer.say(cast.lobby, 'by-a-writer', 'By a writer')).toMatchObject({ type: 'ack' });
    const reader = await (await Bot.of(browser, { scope: 'read' })).connect();
    await reader.join(cast.lobby);
    for (const command of commands) {
      reader.send(command);
      const { code, room, id } = await reader.next('error');
      const named = 'id' in command ? command.id : undefined;
      expect([command.type, code, room, id]).toEqual([command.type, 'insufficient_scope', cast.lobby, named]);
    }
    reader.send({ type: 'leave', room: cast.lobby });
    await reader.next('left');
    const { items } = await cast.ada.history(cast.lobby);
    const ids = items.flatMap((event) => (event.event === 'message' ? [event.id] : []));
    expect(ids).toContain('by-a-writer');
    expect(ids).not.toContain('by-a-reader');
    for (const command of commands.slice(1)) writer.send(command);
    expect((await writer.settle()).filter(({ type }) => type === 'error')).toEqual([]);
    await Promise.all([reader.cut(), writer.cut()]);
  });

  test('P-GRANT-6: each renewal reads the scope again', async () => {
    const bot = await Bot.of(await cast.ada.elsewhere(), { scope: 'write' });
    const socket = await bot.connect();
    expect(await socket.say(cast.lobby, 'still-writing', 'Still writing')).toMatchObject({ type: 'ack' });
    sql(`UPDATE accessTokens SET scope = 'read' WHERE id = ?`, bot.id);
    socket.send({ type: 'authenticate', token: await bot.token() });
    expect(await socket.say(cast.lobby, 'reading', 'Reading')).toMatchObject({ code: 'insufficient_scope' });
    await socket.cut();
  });

  test('P-GRANT-7, P-REVOKE-1, P-CLOSE-4, I7: is closed within a second when it is revoked, and no other', async () => {
    const browser = await cast.ada.elsewhere();
    const [bot, other] = [await Bot.of(browser), await Bot.of(browser)];
    const sockets = await Promise.all([bot.connect(), bot.connect()]);
    const kept = await Promise.all([other.connect(), browser.connect(), cast.grace.connect()]);
    expect((await browser.request('DELETE', `${path}/${bot.id}`)).status).toBe(204);
    for (const socket of sockets) expect(await socket.closed).toEqual({ code: 4403, reason: 'token_revoked' });
    const at = Date.now();
    for (const socket of kept) expect((await socket.join(cast.lobby)).room).toBe(cast.lobby);
    expect(at - lastRevocation(cast.server)).toBeLessThan(1_000);
    await Promise.all(kept.map((socket) => socket.cut()));
  });

  test('P-GRANT-7, I7: so it is when the row is deleted by hand', async () => {
    const bot = await Bot.of(await cast.ada.elsewhere());
    const socket = await bot.connect();
    sql('DELETE FROM accessTokens WHERE id = ?', bot.id);
    expect(await socket.closed).toEqual({ code: 4403, reason: 'token_revoked' });
  });

  test('P-GRANT-7, P-CLOSE-4: is closed when its person is banned, and for good', async () => {
    const villain = await cast.server.signUp('Villain');
    const bot = await Bot.of(villain);
    const [socket, own] = [await bot.connect(), await villain.connect()];
    sql('UPDATE user SET bannedAt = 1 WHERE id = ?', villain.id);
    for (const each of [socket, own]) expect(await each.closed).toEqual({ code: 4403, reason: 'banned' });
    expect((await bot.request('GET', '/api/rooms')).status).toBe(401);
  });

  test('P-GRANT-7: stays when the session that made it signs out', async () => {
    const browser = await cast.ada.elsewhere();
    const bot = await Bot.of(browser);
    const [socket, own] = [await bot.connect(), await browser.connect()];
    await browser.signOut();
    expect((await own.closed).code).toBe(4403);
    expect((await socket.join(cast.lobby)).room).toBe(cast.lobby);
    await socket.cut();
  });

  test('P-GRANT-7, P-AUTH-9: is told that it has expired, and takes nothing after that', async () => {
    const bot = await Bot.of(await cast.ada.elsewhere(), { scope: 'write', expiresIn: day });
    cast.clock.advance(day * 1_000 - 100_000);
    const socket = await bot.connect();
    expect(await socket.say(cast.lobby, 'in-time-yet', 'In time')).toMatchObject({ type: 'ack' });
    cast.clock.advance(100_000);
    socket.send({ type: 'send', room: cast.lobby, id: 'out-of-time', body: 'Out of time' });
    expect(await socket.closed).toEqual({ code: 4403, reason: 'expired' });
    const { items } = await cast.ada.history(cast.lobby);
    expect(items.some((event) => event.event === 'message' && event.id === 'out-of-time')).toBe(false);
  });

  test('P-GRANT-7: is closed at its end by itself', async () => {
    const bot = await Bot.of(await cast.ada.elsewhere(), { expiresIn: day });
    sql(
      'UPDATE accessTokens SET expiresAt = ? WHERE id = ?',
      Math.ceil(cast.clock.now() / 1_000) * 1_000 + 1_000,
      bot.id,
    );
    const socket = await bot.connect();
    cast.clock.advance(2_000);
    expect(await socket.closed).toEqual({ code: 4403, reason: 'expired' });
  });
});
