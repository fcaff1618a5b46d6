import type { RoomEvent } from '@parlour/protocol/events';
import type { Page } from '@parlour/protocol/paging';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byHand, hideRevocations, lastRevocation } from '../by-hand.ts';
import { type Cast, gatherCast } from '../cast.ts';
import type { TestSocket } from '../test-socket.ts';
import { testPassword, type Visitor } from '../visitor.ts';

let cast: Cast;
beforeAll(async () => {
  cast = await gatherCast();
});
afterAll(() => cast.server.stop());

/** The moment at which all of these are closed. */
async function whenClosed(sockets: TestSocket[]): Promise<number> {
  await Promise.all(sockets.map((socket) => socket.closed));
  return Date.now();
}

/** I7, counted from the commit of the ending. Comes last in a test: where it starts a program, the server stands still meanwhile. */
function expectWithinASecond(at: number): void {
  expect(at - lastRevocation(cast.server)).toBeLessThan(1_000);
}

const sql = (statement: string, ...values: string[]) =>
  byHand(cast.server, (db) => db.prepare(statement).run(...values));
const grantOf = async (visitor: Visitor) => String(decodeJwt(await visitor.token())['sid']);

describe('a grant that ends', () => {
  test('P-REVOKE-1, P-CLOSE-4, C6, fault 20: sign-out closes each of its sockets, and no other', async () => {
    const browser = await cast.ada.elsewhere();
    const tabs = await Promise.all([browser.connect(), browser.connect(), browser.connect()]);
    const [kept, graces] = await Promise.all([cast.ada.connect(), cast.grace.connect()]);
    await browser.signOut();
    const at = await whenClosed(tabs);
    for (const tab of tabs) expect(await tab.closed).toEqual({ code: 4403, reason: 'signed_out' });
    for (const socket of [kept, graces]) expect((await socket.join(cast.lobby)).room).toBe(cast.lobby);
    expectWithinASecond(at);
  });

  test('P-REVOKE-1, C6, fault 20: a GET signs nobody out', async () => {
    const browser = await cast.ada.elsewhere();
    const socket = await browser.connect();
    expect((await browser.request('GET', '/api/auth/sign-out')).status).toBe(405);
    expect((await socket.join(cast.lobby)).room).toBe(cast.lobby);
    await browser.signOut();
    expect((await socket.closed).code).toBe(4403);
  });

  test('P-REVOKE-1, I7: so does a session row that somebody deletes by hand', async () => {
    const browser = await cast.ada.elsewhere();
    const [socket, kept] = await Promise.all([browser.connect(), cast.ada.connect()]);
    const grant = await grantOf(browser);
    sql('DELETE FROM session WHERE id = ?', grant);
    const at = await whenClosed([socket]);
    expect(await socket.closed).toEqual({ code: 4403, reason: 'session_ended' });
    expect((await kept.join(cast.lobby)).room).toBe(cast.lobby);
    expectWithinASecond(at);
  });

  test('P-REVOKE-1, I7: and an account that somebody deletes by hand, on every device', async () => {
    const doomed = await cast.server.signUp('Doomed');
    const elsewhere = await doomed.elsewhere();
    const sockets = await Promise.all([doomed.connect(), elsewhere.connect()]);
    sql('DELETE FROM user WHERE id = ?', doomed.id);
    const at = await whenClosed(sockets);
    for (const socket of sockets) expect((await socket.closed).code).toBe(4403);
    expectWithinASecond(at);
  });

  test('P-REVOKE-1, P-CLOSE-4, D4: signing in again in the same browser replaces the login that it held', async () => {
    const browser = await cast.ada.elsewhere();
    const socket = await browser.connect();
    const { email } = browser.account;
    await browser.request('POST', '/api/auth/sign-in/email', { email, password: testPassword });
    expect(await socket.closed).toEqual({ code: 4403, reason: 'replaced' });
    expect((await (await browser.connect()).join(cast.lobby)).room).toBe(cast.lobby);
  });

  test('P-CLOSE-4: the close reason is one of the words, and any other is told as session_ended', async () => {
    const words = ['session_ended', 'signed_out', 'signed_out_elsewhere', 'replaced', 'expired', 'account_ended'];
    for (const word of [...words, 'something new']) {
      const browser = await cast.ada.elsewhere();
      const [socket, grant] = [await browser.connect(), await grantOf(browser)];
      sql('UPDATE session SET endReason = ? WHERE id = ?', word, grant);
      sql('DELETE FROM session WHERE id = ?', grant);
      expect(await socket.closed).toEqual({ code: 4403, reason: words.includes(word) ? word : 'session_ended' });
    }
  });
});

describe('a membership that ends', () => {
  const deletion = 'DELETE FROM members WHERE user = ? AND room = (SELECT number FROM rooms WHERE id = ?)';
  const endings: Record<string, (room: string) => Promise<void>> = {
    'by the room’s owner': (room) => cast.ada.remove(room, cast.grace),
    'by leaving': (room) => cast.grace.leave(room),
    'by hand in the database': async (room) =>
      void byHand(cast.server, (db) => db.prepare(deletion).run(cast.grace.id, room)),
  };

  for (const [how, end] of Object.entries(endings)) {
    test(`P-REVOKE-3, I5, I7: ${how} ends every subscription of the person within a second`, async () => {
      const room = (await cast.ada.createRoom('Passing')).id;
      await cast.grace.join(room);
      const elsewhere = await cast.grace.elsewhere();
      const sockets = await Promise.all([cast.grace.connect(), cast.grace.connect(), elsewhere.connect()]);
      const witness = await cast.ada.connect();
      for (const socket of [...sockets, witness]) await socket.join(room);
      await cast.ada.post(room, `before-${room}`, 'Before');
      for (const socket of sockets) await socket.next('event');
      await end(room);
      for (const socket of sockets) await socket.next('left', (frame) => frame.room === room);
      const at = Date.now();
      await cast.ada.post(room, `after-${room}`, 'After');
      await witness.next('event', (event) => event.event === 'message' && event.body === 'After');
      for (const socket of sockets) {
        socket.send({ type: 'join', room: room, after: 0 });
        expect((await socket.next('error')).code).toBe('not_a_member');
        const left = socket.log.findIndex(({ type }) => type === 'left');
        expect(socket.log.slice(left + 1).filter((frame) => frame.type !== 'self')).toHaveLength(1);
        expect(socket.events().some((event) => event.event === 'message' && event.body === 'After')).toBe(false);
      }
      expectWithinASecond(at);
    });

    test(`P-REVOKE-3, I5: ${how} leaves nothing to write for somebody who has just written`, async () => {
      const room = (await cast.ada.createRoom('Passing')).id;
      await cast.grace.join(room);
      const socket = await cast.grace.connect();
      expect((await socket.say(room, `before-${room}`, 'Before')).type).toBe('ack');
      await end(room);
      expect(await socket.say(room, `after-${room}`, 'After')).toMatchObject({ code: 'not_a_member' });
    });
  }

  test('P-REVOKE-3, I5: a room that is deleted by hand takes no message of somebody who has just written there', async () => {
    const room = (await cast.ada.createRoom('Passing')).id;
    const socket = await cast.ada.connect();
    expect((await socket.say(room, `before-${room}`, 'Before')).type).toBe('ack');
    sql('DELETE FROM rooms WHERE id = ?', room);
    expect(await socket.say(room, `after-${room}`, 'After')).toMatchObject({ code: 'room_not_found' });
  });

  test('P-REVOKE-3, I7: and its subscriptions end within a second', async () => {
    const room = (await cast.ada.createRoom('Passing')).id;
    await cast.grace.join(room);
    const sockets = await Promise.all([cast.ada.connect(), cast.grace.connect()]);
    for (const socket of sockets) await socket.join(room);
    sql('DELETE FROM rooms WHERE id = ?', room);
    for (const socket of sockets) expect(await socket.next('left')).toEqual({ type: 'left', room });
    const at = Date.now();
    for (const socket of sockets) {
      socket.send({ type: 'typing', room });
      expect((await socket.next('error')).code).toBe('not_joined');
    }
    expectWithinASecond(at);
  });

  test('and what was said there is never in another room', async () => {
    const gone = (await cast.ada.createRoom('Passing')).id;
    await cast.ada.post(gone, `before-${gone}`, 'Before');
    sql('DELETE FROM rooms WHERE id = ?', gone);
    const room = (await cast.ada.createRoom('Next')).id;
    const { body } = await cast.ada.request<Page<RoomEvent, number>>('GET', `/api/rooms/${room}/messages`);
    expect(body.items.map(({ seq, event }) => [seq, event])).toEqual([[1, 'member']]);
  });
});

describe('a server that cannot know who was revoked', () => {
  async function becomeBlind(): Promise<() => void> {
    const restore = hideRevocations(cast.server);
    while ((await cast.ada.request('GET', '/health/ready')).status !== 503);
    return restore;
  }

  test('P-REVOKE-4, I7: delivers nothing and acts on nothing, until it can', async () => {
    const [ada, grace] = await Promise.all([cast.ada.connect(), cast.grace.connect()]);
    const room = (await cast.ada.createRoom('Dark')).id;
    await cast.grace.join(room);
    await ada.join(room);
    await grace.join(room);
    await grace.next('presence', ({ count }) => count === 2);
    await ada.say(room, 'first', 'First');
    await grace.next('event');
    await grace.settle();
    const restore = await becomeBlind();
    ada.send({ type: 'send', room, id: 'held', body: 'Held' });
    await cast.ada.post(room, 'stored', 'Stored');
    expect(await grace.settle()).toEqual([]);
    const { items } = await cast.ada.history(room);
    expect(items.at(-1)).toMatchObject({ id: 'stored' });
    restore();
    expect((await ada.answer('held')).type).toBe('ack');
    await grace.next('event', (event) => event.event === 'message' && event.id === 'stored');
    await grace.next('event', (event) => event.event === 'message' && event.id === 'held');
    expect((await cast.ada.request('GET', '/health/ready')).status).toBe(200);
  });

  test('P-REVOKE-4, I7: forgets no ending that fell into that time', async () => {
    const browser = await cast.ada.elsewhere();
    const [socket, ending] = [await cast.ada.connect(), await browser.connect()];
    const restore = await becomeBlind();
    await browser.signOut();
    expect(ending.isClosed).toBe(false);
    restore();
    expect((await ending.closed).code).toBe(4403);
    expect((await socket.join(cast.lobby)).room).toBe(cast.lobby);
  });

  test('P-REVOKE-4, I7: closes every connection with 1012 after five seconds', async () => {
    const logins = [await cast.ada.elsewhere(), await cast.ada.elsewhere()];
    const ending = await Promise.all(logins.map((browser) => browser.connect()));
    const [ready, early] = [await cast.ada.connect(), await cast.ada.open()];
    let from = 0;
    for (const [i, socket] of ending.entries()) {
      // The five seconds count from when the log was last read: what tells of the second ending begins after this moment.
      from = performance.now();
      await logins[i]?.signOut();
      expect((await socket.closed).code).toBe(4403);
    }
    const restore = hideRevocations(cast.server);
    for (const socket of [ready, early]) expect((await socket.closed).code).toBe(1012);
    expect(performance.now() - from).toBeGreaterThan(4_990);
    restore();
    while ((await cast.ada.request('GET', '/health/ready')).status !== 200);
    expect((await (await cast.ada.connect()).join(cast.lobby)).room).toBe(cast.lobby);
  });
});

describe('a request whose body is late', () => {
  /** Sends a message whose body ends only after `meanwhile`. */
  async function sendSlowly(sender: Visitor, meanwhile: () => Promise<unknown>) {
    const body = Buffer.from(JSON.stringify({ id: `late-${performance.now()}`.replace('.', '-'), body: 'Late' }));
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const answer = fetch(`${sender.origin}/api/rooms/${cast.lobby}/messages`, {
      method: 'POST',
      headers: { cookie: sender.cookie, 'content-type': 'application/json' },
      body: readable,
      // Fetch asks for it with such a body, and its types do not know it.
      ...{ duplex: 'half' },
    });
    const writer = writable.getWriter();
    await writer.write(body.subarray(0, 5));
    // The caller is known by now: this is answered by the same server, later.
    await sender.request('GET', '/api/rooms');
    await meanwhile();
    await writer.write(body.subarray(5));
    await writer.close();
    return (await answer).status;
  }

  test('P-REVOKE-5, I7: is refused when the grant ended before it had come', async () => {
    const browser = await cast.grace.elsewhere();
    expect(await sendSlowly(browser, async () => undefined)).toBe(201);
    expect(await sendSlowly(browser, () => browser.elsewhere())).toBe(201);
    const before = (await cast.ada.history(cast.lobby)).items.length;
    expect(await sendSlowly(browser, async () => sql('DELETE FROM session WHERE id = ?', await grantOf(browser)))).toBe(
      401,
    );
    expect((await cast.ada.history(cast.lobby)).items).toHaveLength(before);
  });
});
