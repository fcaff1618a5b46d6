import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { RoomEvent } from '@parlour/protocol/events';
import type { Page } from '@parlour/protocol/paging';
import type { Room } from '@parlour/protocol/rooms';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fillRoom, hideRevocations } from '../by-hand.ts';
import { type Cast, gatherCast } from '../cast.ts';
import type { Visitor } from '../visitor.ts';

const listed = 'https://app.example';
let cast: Cast;
beforeAll(async () => {
  cast = await gatherCast({ environment: { PARLOUR_ORIGINS: listed } });
});
afterAll(() => cast.server.stop());

type Problem = { code: string; status: number; title: string; detail: string; field?: string; retryAfter?: number };
type Headers = Record<string, string>;
const ask = <Body = Problem>(who: Visitor, method: string, path: string, body?: unknown, headers?: Headers) =>
  who.request<Body>(method, path, body, headers);
const bearer = async (who: Visitor) => ({ authorization: `Bearer ${await who.token()}` });
const openRoom = async (isPrivate = false) => (await cast.ada.createRoom('Room', isPrivate)).id;

describe('callers', () => {
  test('P-HTTP-1: a bearer alone counts where there is one, and cookies are ignored', async () => {
    const who = async (visitor: Visitor, headers?: Headers) => {
      const { status, body } = await ask<{ id: string }>(visitor, 'GET', '/api/account', undefined, headers);
      return status === 200 ? body.id : status;
    };
    expect(await who(cast.ada)).toBe(cast.ada.id);
    expect(await who(cast.server.visit(), await bearer(cast.grace))).toBe(cast.grace.id);
    expect(await who(cast.ada, await bearer(cast.grace))).toBe(cast.grace.id);
    for (const authorization of ['Bearer wrong', 'Basic YTpi', '', 'Bearer']) {
      expect([authorization, await who(cast.ada, { authorization })]).toEqual([authorization, 403]);
    }
  });

  test('P-HTTP-2, D3: an unsafe request from another site is refused, and changes nothing', async () => {
    const { origin } = cast.server;
    const rename = (headers: Headers) => ask(cast.ada, 'PATCH', '/api/account', { name: 'Ada' }, headers);
    const evil = 'https://evil.example';
    const allowed: Headers[] = [
      {},
      { origin },
      { 'sec-fetch-site': 'same-origin', origin },
      { 'sec-fetch-site': 'none' },
    ];
    for (const headers of allowed) expect([headers, (await rename(headers)).status]).toEqual([headers, 200]);
    const refused: Headers[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin },
      { 'sec-fetch-site': 'cross-site', origin },
      { origin: evil },
      { origin: 'null' },
      { origin: listed },
      { 'sec-fetch-site': 'same-origin', origin: evil },
    ];
    for (const headers of refused) {
      const { status, body } = await rename(headers);
      expect([headers, status, body.code]).toEqual([headers, 403, 'cross_site']);
    }
    const signOut = await ask(cast.ada, 'POST', '/api/auth/sign-out', {}, { origin: evil });
    expect([signOut.status, (await ask(cast.ada, 'GET', '/api/account')).status]).toEqual([403, 200]);
    expect((await ask(cast.ada, 'GET', '/api/account', undefined, { origin: evil })).status).toBe(200);
  });

  test('P-HTTP-2: with a bearer the origin must be ours or listed, and a listed one may read the answer', async () => {
    const authorization = await bearer(cast.ada);
    const read = (headers: Headers) => ask(cast.server.visit(), 'GET', '/api/account', undefined, headers);
    expect((await read({ ...authorization, origin: cast.server.origin })).status).toBe(200);
    const { status, headers } = await read({ ...authorization, origin: listed, 'sec-fetch-site': 'cross-site' });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, listed]);
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    const foreign = await read({ ...authorization, origin: 'https://evil.example' });
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    const preflight = (origin: string) =>
      ask(cast.server.visit(), 'OPTIONS', '/api/rooms', undefined, {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type',
      });
    expect((await preflight(listed)).headers.get('access-control-allow-origin')).toBe(listed);
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('errors and bodies', () => {
  test('P-HTTP-3: are problem documents with a stable code', async () => {
    expect((await ask(cast.ada, 'GET', `/api/rooms/${cast.lobby}`)).status).toBe(200);
    const { status, headers, body } = await ask(cast.ada, 'GET', '/api/rooms/nowhere');
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toEqual({
      type: 'about:blank',
      status,
      code: 'room_not_found',
      title: expect.any(String),
      detail: expect.any(String),
    });
    expect(status).toBe(404);
    expect((await ask(cast.ada, 'GET', '/api/nothing')).body).toMatchObject({ code: 'not_found', status: 404 });
    const wrongMethod = await ask(cast.ada, 'DELETE', '/api/rooms');
    expect([wrongMethod.status, wrongMethod.body.code]).toEqual([405, 'method_not_allowed']);
    expect(wrongMethod.headers.get('allow')).toBe('GET, POST');
  });

  test('P-HTTP-4, fault 4: a body is a JSON object of at most 1 MiB', async () => {
    const json = { 'content-type': 'application/json' };
    const make = (body: unknown, headers: Headers = json) => ask(cast.ada, 'POST', '/api/rooms', body, headers);
    const filled = (bytes: number) =>
      `${JSON.stringify({ name: 'Big' }).slice(0, -1)},"x":"`.padEnd(bytes - 2, 'x').concat('"}');
    const mebibyte = 1024 * 1024;
    expect((await make('{"name":"Fine","unknown":1}')).status).toBe(201);
    expect((await make(filled(mebibyte), { 'content-type': 'application/json; charset=utf-8' })).status).toBe(201);
    const table: [unknown, Headers, number, string][] = [
      ['{"name":"x"}', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
      ['name=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
      ['', json, 400, 'malformed'],
      ['no JSON', json, 400, 'malformed'],
      ['[]', json, 400, 'malformed'],
      ['null', json, 400, 'malformed'],
      ['"text"', json, 400, 'malformed'],
      [filled(mebibyte + 1), json, 413, 'payload_too_large'],
    ];
    for (const [body, headers, status, code] of table) {
      const answer = await make(body, headers);
      expect([String(body).slice(0, 20), answer.status, answer.body.code]).toEqual([
        String(body).slice(0, 20),
        status,
        code,
      ]);
    }
  });

  test('P-HTTP-4, I9: counts a body that does not say how long it is', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let sent = 0;
    const headers = { 'content-type': 'application/json', cookie: cast.ada.cookie };
    const sending = request(new URL('/api/rooms', cast.server.origin), { method: 'POST', headers });
    sending.on('error', () => undefined);
    const answered = once(sending, 'response');
    let isAnswered = false;
    void answered.then(() => {
      isAnswered = true;
    });
    while (!isAnswered && sent < 64 * 1024 * 1024) {
      sent += chunk.length;
      if (!sending.write(chunk)) await Promise.race([answered, once(sending, 'drain')]);
    }
    const [response] = (await answered) as [IncomingMessage];
    expect(response.statusCode).toBe(413);
    sending.destroy();
  });

  test('P-HTTP-4, fault 4: names the field that is missing or wrong', async () => {
    const { lobby } = cast;
    const send = { id: 'field', body: 'Text' };
    const table: [string, string, unknown, string][] = [
      ['POST', '/api/rooms', {}, 'name'],
      ['POST', '/api/rooms', { name: '  ' }, 'name'],
      ['POST', '/api/rooms', { name: 'n'.repeat(61) }, 'name'],
      ['POST', '/api/rooms', { name: 'a\u202eb' }, 'name'],
      ['POST', '/api/rooms', { name: 'x', private: 'yes' }, 'private'],
      ['POST', `/api/rooms/${lobby}/messages`, { ...send, id: undefined }, 'id'],
      ['POST', `/api/rooms/${lobby}/messages`, { ...send, id: 'not ok' }, 'id'],
      ['POST', `/api/rooms/${lobby}/messages`, { ...send, body: 7 }, 'body'],
      ['POST', `/api/rooms/${lobby}/messages`, { ...send, body: undefined }, 'body'],
      ['PUT', `/api/rooms/${lobby}/read`, { seq: '1' }, 'seq'],
      ['POST', `/api/rooms/${lobby}/members`, {}, 'user'],
      ['POST', `/api/rooms/${lobby}/invites`, { maxUses: 0 }, 'maxUses'],
      ['POST', `/api/rooms/${lobby}/invites`, { expiresIn: 1 }, 'expiresIn'],
      ['PATCH', '/api/account', { name: '' }, 'name'],
      ['GET', `/api/rooms/${lobby}/messages?limit=0`, undefined, 'limit'],
      ['GET', `/api/rooms/${lobby}/messages?limit=101`, undefined, 'limit'],
      ['GET', `/api/rooms/${lobby}/messages?before=x`, undefined, 'before'],
      ['GET', `/api/rooms/${lobby}/messages?after=-1`, undefined, 'after'],
    ];
    expect((await ask(cast.ada, 'POST', `/api/rooms/${lobby}/messages`, send)).status).toBe(201);
    for (const [method, path, body, field] of table) {
      const answer = await ask(cast.ada, method, path, body);
      expect([path, body, answer.status, answer.body.code]).toEqual([path, body, 422, 'invalid_field']);
      expect([path, body, answer.body.field]).toEqual([path, body, field]);
    }
    const both = await ask(cast.ada, 'GET', `/api/rooms/${lobby}/messages?before=1&after=1`);
    expect([both.status, both.body.code]).toEqual([422, 'invalid_field']);
  });
});

describe('lists', () => {
  test('P-HTTP-5: hold items and the cursor of the next page, and no cache keeps them', async () => {
    const many = await cast.server.signUp('Many');
    for (let i = 0; i < 7; i += 1) await many.createRoom(`Page ${i}`, true);
    const all = (await many.rooms()).map(({ id }) => id);
    const paged: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null; pages += 1) {
      const query: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { headers, body } = await ask<Page<Room>>(many, 'GET', `/api/rooms?limit=3${query}`);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(body.items.length).toBeLessThanOrEqual(3);
      paged.push(...body.items.map(({ id }) => id));
      cursor = body.next;
      expect(pages).toBeLessThan(100);
    }
    expect(paged).toEqual(all);
    expect((await ask(cast.ada, 'GET', '/api/rooms/nowhere')).headers.get('cache-control')).toBe('no-store');
  });

  test('P-HTTP-6, C2: lists public rooms and one’s own; its maker owns a room', async () => {
    const made = await ask<Room>(cast.ada, 'POST', '/api/rooms', { name: 'Made', private: true });
    const room = { id: expect.any(String), name: 'Made', private: true, member: true, role: 'owner' };
    expect([made.status, made.body]).toEqual([201, { ...room, seq: 1, unread: 0, mentions: 0, readSeq: 1 }]);
    const names = async (who: Visitor) => (await who.rooms()).map(({ name }) => name);
    expect(await names(cast.ada)).toEqual(expect.arrayContaining(['General', 'Sports', 'Music', 'Lobby', 'Made']));
    expect(await names(cast.linus)).toEqual(expect.arrayContaining(['General', 'Sports', 'Music', 'Lobby']));
    expect(await names(cast.linus)).not.toContain('Made');
    expect(await names(cast.linus)).not.toContain('Designers');
    const lobby = (await cast.linus.rooms()).find(({ id }) => id === cast.lobby);
    expect(lobby).toMatchObject({ member: false, role: null, unread: 0 });
    expect((await ask(cast.server.visit(), 'GET', '/api/rooms')).status).toBe(401);
  });

  test('P-HTTP-7, A2: pages through history both ways, for members', async () => {
    const room = await openRoom();
    fillRoom(cast.server, room, cast.ada.id, 129, 'Old');
    const page = async (query: string) => {
      const { body } = await ask<Page<RoomEvent, number>>(cast.ada, 'GET', `/api/rooms/${room}/messages${query}`);
      return [body.items.at(0)?.seq, body.items.at(-1)?.seq, body.items.length, body.next];
    };
    expect(await page('')).toEqual([81, 130, 50, 81]);
    expect(await page('?limit=100')).toEqual([31, 130, 100, 31]);
    expect(await page('?before=31&limit=100')).toEqual([1, 30, 30, null]);
    expect(await page('?before=1')).toEqual([undefined, undefined, 0, null]);
    expect(await page('?after=0&limit=100')).toEqual([1, 100, 100, 100]);
    expect(await page('?after=100&limit=100')).toEqual([101, 130, 30, null]);
    expect(await page('?after=100&limit=30')).toEqual([101, 130, 30, null]);
    expect(await page('?after=130')).toEqual([undefined, undefined, 0, null]);
    const stranger = await ask(cast.linus, 'GET', `/api/rooms/${room}/messages`);
    expect([stranger.status, stranger.body.code]).toEqual([403, 'not_a_member']);
  });

  test('P-HTTP-8, I5, fault 1: a closed room and none at all answer alike, at every door', async () => {
    const doors: [string, string, unknown?][] = [
      ['GET', ''],
      ['POST', '/join', {}],
      ['POST', '/leave', {}],
      ['GET', '/members'],
      ['POST', '/members', { user: cast.linus.id }],
      ['DELETE', `/members/${cast.grace.id}`],
      ['GET', '/messages'],
      ['POST', '/messages', { id: 'door', body: 'Knock' }],
      ['PUT', '/read', { seq: 1 }],
      ['GET', '/invites'],
      ['POST', '/invites', {}],
      ['DELETE', '/invites/abc'],
    ];
    expect((await ask(cast.grace, 'GET', `/api/rooms/${cast.designers}`)).status).toBe(200);
    for (const [method, end, body] of doors) {
      const [hidden, absent] = await Promise.all(
        [cast.designers, 'nowhere'].map((room) => ask(cast.linus, method, `/api/rooms/${room}${end}`, body)),
      );
      expect([method, end, hidden?.status, hidden?.body.code]).toEqual([method, end, 404, 'room_not_found']);
      expect(hidden?.body).toEqual(absent?.body);
    }
  });
});

describe('membership', () => {
  test('P-HTTP-9: joining and leaving may be repeated; who was removed stays out until added back', async () => {
    const room = await openRoom();
    const doors = { join: `/api/rooms/${room}/join`, leave: `/api/rooms/${room}/leave` };
    for (const [path, status] of [
      [doors.join, 200],
      [doors.join, 200],
      [doors.leave, 204],
      [doors.leave, 204],
      [doors.join, 200],
    ] as const) {
      expect((await ask(cast.grace, 'POST', path, {})).status).toBe(status);
    }
    const remove = (who: Visitor) => ask(who, 'DELETE', `/api/rooms/${room}/members/${cast.grace.id}`);
    await cast.linus.join(room);
    expect((await remove(cast.linus)).body.code).toBe('forbidden');
    const invite = await ask<{ code: string }>(cast.ada, 'POST', `/api/rooms/${room}/invites`, {});
    expect((await remove(cast.ada)).status).toBe(204);
    const back = await ask(cast.grace, 'POST', doors.join, {});
    expect([back.status, back.body.code]).toEqual([403, 'removed_from_room']);
    const invited = await ask(cast.grace, 'POST', `/api/invites/${invite.body.code}/accept`, {});
    expect([invited.status, invited.body.code]).toEqual([403, 'removed_from_room']);
    await cast.ada.add(room, cast.grace);
    expect((await cast.grace.history(room)).items.length).toBeGreaterThan(0);
  });

  test('P-HTTP-10, A2: an invite lets in as many as it says, and looking uses nothing up', async () => {
    const room = await openRoom(true);
    const { status, body } = await ask<{ code: string; url: string }>(cast.ada, 'POST', `/api/rooms/${room}/invites`, {
      maxUses: 1,
      expiresIn: 60,
    });
    expect([status, body.url]).toEqual([201, `${cast.server.origin}/join/${body.code}`]);
    const look = () => ask(cast.server.visit(), 'GET', `/api/invites/${body.code}`);
    for (let i = 0; i < 3; i += 1) expect((await look()).status).toBe(200);
    const accept = (who: Visitor) => ask<{ room: string }>(who, 'POST', `/api/invites/${body.code}/accept`, {});
    expect((await accept(cast.ada)).body.room).toBe(room);
    for (let i = 0; i < 2; i += 1) {
      const accepted = await accept(cast.linus);
      expect([accepted.status, accepted.body]).toEqual([200, { room, name: 'Room' }]);
    }
    const late = await ask(cast.grace, 'POST', `/api/invites/${body.code}/accept`, {});
    expect([late.status, late.body.code]).toEqual([410, 'invite_used_up']);
    cast.clock.advance(61_000);
    expect((await look()).body).toMatchObject({ status: 410, code: 'invite_expired' });
    const listing = JSON.stringify((await ask(cast.ada, 'GET', `/api/rooms/${room}/invites`)).body);
    expect(listing).not.toContain(body.code);
    expect((await ask(cast.ada, 'GET', '/api/invites/unknown')).body).toMatchObject({ code: 'invite_not_found' });
  });
});

describe('accounts', () => {
  test('P-HTTP-11, D1, fault 3: one’s own account, and nothing for anybody else', async () => {
    const own = await ask(cast.ada, 'GET', '/api/account');
    const account = {
      id: cast.ada.id,
      name: 'Ada',
      email: 'ada@example.org',
      role: 'member',
      createdAt: expect.any(String),
    };
    expect([own.status, own.body]).toEqual([200, account]);
    const nobody = await ask(cast.server.visit(), 'GET', '/api/account');
    expect([nobody.status, nobody.body.code]).toEqual([403, 'anonymous']);
    expect(JSON.stringify(nobody.body)).not.toMatch(/ada|@/i);
    const members = await ask(cast.grace, 'GET', `/api/rooms/${cast.lobby}/members`);
    expect(JSON.stringify(members.body)).toContain('Ada');
    expect(JSON.stringify(members.body)).not.toContain('@');
  });

  test('P-HTTP-12, D4: signing in makes a new session, and does not tell what was wrong', async () => {
    const right = { email: 'grace@example.org', password: 'correct horse battery' };
    const signIn = (who: Visitor, body: object) => ask(who, 'POST', '/api/auth/sign-in/email', body);
    const browser = cast.server.visit();
    expect((await signIn(browser, right)).status).toBe(200);
    const first = browser.cookie;
    const wrong = [
      await signIn(cast.server.visit(), { ...right, password: 'wrong horse battery' }),
      await signIn(cast.server.visit(), { ...right, email: 'nobody@example.org' }),
    ];
    expect(wrong.map(({ status, body }) => [status, body.code])).toEqual([
      [401, 'wrong_credentials'],
      [401, 'wrong_credentials'],
    ]);
    expect(wrong[0]?.body).toEqual(wrong[1]?.body);
    expect((await signIn(browser, right)).status).toBe(200);
    expect(browser.cookie).not.toBe(first);
    const held = await ask(cast.server.visit(), 'GET', '/api/account', undefined, { cookie: first });
    expect(held.status).toBe(403);
    expect((await ask(browser, 'GET', '/api/account')).status).toBe(200);
  });

  test('P-HTTP-12, A1, fault 20: signing up signs in, and POST alone signs out', async () => {
    const browser = cast.server.visit();
    const person = { name: 'Edith', email: 'Edith@Example.org', password: 'correct horse battery' };
    const made = await ask(browser, 'POST', '/api/auth/sign-up/email', person);
    expect(made.status).toBe(200);
    expect(made.headers.getSetCookie().join()).toMatch(/HttpOnly.*SameSite=Lax/i);
    expect((await ask(browser, 'GET', '/api/account')).body).toMatchObject({
      name: 'Edith',
      email: 'edith@example.org',
    });
    const again = await ask(cast.server.visit(), 'POST', '/api/auth/sign-up/email', person);
    expect([again.status, again.body.code]).toEqual([409, 'email_taken']);
    const session = browser.cookie;
    expect((await ask(browser, 'GET', '/api/auth/sign-out')).status).toBe(405);
    expect((await ask(browser, 'GET', '/api/account')).status).toBe(200);
    expect((await ask(browser, 'POST', '/api/auth/sign-out', {})).status).toBe(200);
    expect((await ask(cast.server.visit(), 'GET', '/api/account', undefined, { cookie: session })).status).toBe(403);
  });
});

describe('health', () => {
  test('P-HTTP-13: live while it runs, ready while it can store and vouch for logins', async () => {
    const health = async (what: string) => (await ask(cast.server.visit(), 'GET', `/health/${what}`)).status;
    expect([await health('live'), await health('ready')]).toEqual([200, 200]);
    const restore = hideRevocations(cast.server);
    while ((await health('ready')) !== 503);
    expect(await health('live')).toBe(200);
    restore();
    while ((await health('ready')) !== 200);
  });
});
