import { newMessageId } from '@parlour/protocol/ids';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Bot } from '../../server/test/bot.ts';
import { startServer, type TestServer } from '../../server/test/start-server.ts';
import type { Visitor } from '../../server/test/visitor.ts';
import type { Client, ClientOptions, RoomOptions, RoomView } from '../src/client.ts';
import { FaultProxy } from './fault-proxy.ts';
import { MemoryStorage } from './memory-storage.ts';
import { spoilingSocket } from './spoiling-socket.ts';
import { bodies, clientOf, isLive, whenRoom, whenSent, whenState, whenTold } from './test-client.ts';

describe('a room of a client at a real server', () => {
  let server: TestServer;
  let ada: Visitor;
  let grace: Visitor;
  let lobby: string;
  const clients: Client[] = [];

  beforeAll(async () => {
    server = await startServer({ environment: { PARLOUR_RATE_LIMITS: 'off' } });
    [ada, grace] = [await server.signUp('Ada'), await server.signUp('Grace')];
  });

  beforeEach(async () => {
    lobby = (await ada.createRoom('lobby')).id;
    await grace.join(lobby);
  });

  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });

  afterAll(() => server.stop());

  function connect(visitor: Visitor, options: ClientOptions = {}): Client {
    const { client } = clientOf(visitor, { retry: { interval: 1 }, ...options });
    clients.push(client);
    client.connect();
    return client;
  }

  async function enter(visitor: Visitor, options: RoomOptions = {}, more: ClientOptions = {}): Promise<RoomView> {
    const room = connect(visitor, more).room(lobby, options);
    room.open();
    await whenRoom(room, isLive);
    return room;
  }

  async function say(visitor: Visitor, ...texts: string[]): Promise<void> {
    for (const text of texts) await visitor.post(lobby, newMessageId(), text);
  }

  const unreadOf = async (visitor: Visitor) => (await visitor.rooms()).find(({ id }) => id === lobby)?.unread;

  test('A2, C7: opens with the last page, who is here, and whether there is more', async () => {
    await say(grace, ...Array.from({ length: 60 }, (_, index) => `message-${index}`));
    const room = connect(ada).room(lobby);
    expect(room.snapshot.state).toBe('idle');
    room.open();
    expect(room.snapshot.state).toBe('loading');
    const snapshot = await whenRoom(room, isLive);
    expect(bodies(snapshot)).toEqual(Array.from({ length: 50 }, (_, index) => `message-${index + 10}`));
    expect([snapshot.hasOlder, snapshot.presentCount]).toEqual([true, 1]);
    expect(snapshot.present).toEqual([{ id: ada.id, name: 'Ada' }]);
    await Promise.all([room.loadOlder(), room.loadOlder()]);
    expect(bodies(room.snapshot)).toHaveLength(60);
    expect(room.snapshot.hasOlder).toBe(false);
    expect(room.snapshot.events.map(({ seq }) => seq)).toEqual(room.snapshot.events.map((_, index) => index + 1));
  });

  test('A2: a room that is opened as soon as the client is ready is loaded once', async () => {
    const { client, requests } = clientOf(ada);
    clients.push(client);
    const room = client.room(lobby);
    client.on('state', ({ name }) => name === 'ready' && room.open());
    client.connect();
    await whenRoom(room, isLive);
    expect(requests.filter((request) => request.endsWith('/messages'))).toHaveLength(1);
  });

  test('C7: whoever asks for the next older page as soon as one is there gets it', async () => {
    await say(grace, ...Array.from({ length: 120 }, (_, index) => `message-${index}`));
    const room = await enter(ada);
    let next: Promise<void> | undefined;
    const stop = room.subscribe(() => {
      if (bodies(room.snapshot).length === 50) return;
      stop();
      next = room.loadOlder();
    });
    await room.loadOlder();
    await next;
    expect(bodies(room.snapshot)).toHaveLength(120);
  });

  test('A5, D6: what the server has rendered is there from the start and is not loaded again', async () => {
    const { items } = await ada.history(lobby);
    const { client, requests } = clientOf(ada);
    clients.push(client);
    const room = client.room(lobby, { history: items });
    expect(room.snapshot.events).toEqual(items);
    await say(grace, 'meanwhile');
    client.connect();
    room.open();
    expect(bodies(await whenRoom(room, isLive))).toEqual(['meanwhile']);
    expect(requests.filter((request) => request.endsWith('/messages'))).toEqual([]);
  });

  test('A4, A10: what one sends is pending at once, and an event for everybody', async () => {
    const [mine, theirs] = [await enter(ada), await enter(grace)];
    const arrived = whenRoom(theirs, (snapshot) => bodies(snapshot).includes('hello'));
    const message = mine.send('hello', { mood: 'calm' });
    expect(message).toMatchObject({ body: 'hello', state: 'sending' });
    expect(mine.snapshot.pending).toHaveLength(1);
    const [event] = (await arrived).events.slice(-1);
    expect(event).toMatchObject({ id: message.id, author: { name: 'Ada' }, data: { mood: 'calm' } });
    expect(bodies(await whenSent(mine))).toEqual(['hello']);
  });

  test('A10: a text that the server would refuse is refused at once', async () => {
    const room = await enter(ada);
    expect(() => room.send('fine')).not.toThrow();
    expect(() => room.send(' \n ')).toThrow('The text is empty.');
    expect(() => room.send('x'.repeat(8_001))).toThrow(/8,000/);
    expect(() => room.send('fine', 'x'.repeat(5_000))).toThrow(/4 KiB/);
    await whenSent(room);
  });

  test('P-CLIENT-1, A11, fault 7: events lost on the way are asked for again and come in order', async () => {
    let isLossy = false;
    const Lossy = spoilingSocket((frame) => (isLossy && frame.type === 'event' && frame.seq % 3 === 0 ? [] : [frame]));
    const room = await enter(ada, { after: 0 }, { WebSocket: Lossy });
    isLossy = true;
    const texts = Array.from({ length: 20 }, (_, index) => `message-${index}`);
    await say(grace, ...texts.slice(0, 19));
    isLossy = false;
    await say(grace, ...texts.slice(19));
    expect(bodies(await whenRoom(room, (snapshot) => bodies(snapshot).length >= 20))).toEqual(texts);
  });

  test('P-CLIENT-1, I3: events that come twice are shown once', async () => {
    const Doubling = spoilingSocket((frame) => (frame.type === 'event' ? [frame, frame] : [frame]));
    const room = await enter(ada, { after: 0 }, { WebSocket: Doubling });
    room.send('once');
    expect(bodies(await whenSent(room))).toEqual(['once']);
  });

  test('P-FRAME-1, P-EVENT-5, I2: unknown frames and kinds of events are passed over, and `seq` goes on', async () => {
    const Newer = spoilingSocket((frame) => {
      if (frame.type !== 'event') return [{ type: 'fireworks', room: 'lobby' }, frame];
      return frame.event === 'message' && frame.body === 'strange' ? [{ ...frame, event: 'strange' }] : [frame];
    });
    const room = await enter(ada, { after: 0 }, { WebSocket: Newer });
    await say(grace, 'one', 'strange', 'two');
    const snapshot = await whenRoom(room, (now) => bodies(now).includes('two'));
    expect(bodies(snapshot)).toEqual(['one', 'two']);
    expect(snapshot.head).toBe(snapshot.events.at(-1)?.seq);
  });

  test('P-CLIENT-3, I4: `reset` drops the cache, loads the last page and keeps the outbox', async () => {
    await say(grace, 'one', 'two');
    const client = connect(ada);
    const room = client.room(lobby, { after: 9_999 });
    room.send('kept');
    room.open();
    expect(bodies(await whenSent(room))).toEqual(['one', 'two', 'kept']);
  });

  test('P-CLIENT-3, P-SELF-1: a room that is closed while it loads again after a `reset` is left', async () => {
    const loads = Promise.withResolvers<void>();
    const { client } = clientOf(ada, {
      fetch: (input, init) => {
        if (String(input).endsWith('/messages')) {
          loads.resolve();
          return new Promise(() => {});
        }
        const headers = new Headers(init?.headers);
        headers.set('cookie', ada.cookie);
        return fetch(input, { ...init, headers });
      },
    });
    clients.push(client);
    client.connect();
    const room = client.room(lobby, { after: 9_999 });
    room.open();
    await loads.promise;
    room.close();
    const told = whenTold(client, 'unread', lobby);
    await say(grace, 'psst');
    expect((await told).unread).toBe(1);
  });

  test('P-GRANT-6: a token that may only read stays in its room, whatever else is refused there', async () => {
    const bot = await Bot.of(ada);
    const { client } = clientOf(ada, { credentials: () => bot.secret });
    clients.push(client);
    client.connect();
    const room = client.room(lobby);
    room.open();
    await whenRoom(room, isLive);
    const refused = new Promise((resolve) => client.on('error', ({ code }) => resolve(code)));
    room.read(room.snapshot.head);
    room.close();
    room.open();
    expect(await refused).toBe('insufficient_scope');
    await whenRoom(room, isLive);
  });

  test('I5: one who is removed is told so, sees nothing more, and comes back when added', async () => {
    const room = await enter(grace);
    await ada.request('DELETE', `/api/rooms/${lobby}/members/${grace.id}`);
    const refused = await whenRoom(room, ({ state }) => state === 'refused');
    expect(refused.error?.message).toBe('You are no longer in this room.');
    expect([refused.present, refused.presentCount]).toEqual([[], 0]);
    await say(ada, 'behind the door');
    await ada.request('POST', `/api/rooms/${lobby}/members`, { user: grace.id });
    await whenRoom(room, isLive);
    await say(ada, 'welcome back');
    await whenRoom(room, (snapshot) => bodies(snapshot).includes('welcome back'));
  });

  test('P-REVOKE-3: one who leaves for good and closes the room at once hears of no fault', async () => {
    const client = connect(grace);
    const room = client.room(lobby);
    room.open();
    await whenRoom(room, isLive);
    const faults: string[] = [];
    client.on('error', ({ code }) => faults.push(code));
    await grace.request('POST', `/api/rooms/${lobby}/leave`);
    room.close();
    const next = client.room((await grace.createRoom('designers')).id);
    next.open();
    await whenRoom(next, isLive);
    expect([faults, room.snapshot.state]).toEqual([[], 'idle']);
  });

  test('I5: one who is added while a refusal is on its way is let in all the same', async () => {
    const edsger = await server.signUp('Edsger');
    const [asked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let isHeld = true;
    const { client } = clientOf(edsger, {
      fetch: async (input, init) => {
        const headers = new Headers(init?.headers);
        headers.set('cookie', edsger.cookie);
        const answer = await fetch(input, { ...init, headers });
        if (!isHeld || !String(input).endsWith('/messages')) return answer;
        isHeld = false;
        asked.resolve();
        await released.promise;
        return answer;
      },
    });
    clients.push(client);
    client.connect();
    await whenState(client, 'ready');
    const room = client.room(lobby);
    room.open();
    await asked.promise;
    const added = whenTold(client, 'added', lobby);
    await ada.request('POST', `/api/rooms/${lobby}/members`, { user: edsger.id });
    await added;
    released.resolve();
    await whenRoom(room, isLive);
  });

  test('a room that one is not in, and one that is not there, are refused with the reason', async () => {
    const linus = await server.signUp('Linus');
    const client = connect(linus);
    const rooms = [client.room(lobby), client.room('nowhere'), client.room(lobby, { after: 0 })];
    for (const room of rooms) room.open();
    const codes = rooms.map(async (room) => (await whenRoom(room, ({ state }) => state === 'refused')).error?.code);
    expect(await Promise.all(codes)).toEqual(['not_a_member', 'room_not_found', 'not_a_member']);
  });

  test('C3, I8: shows who comes, by person and not by tab', async () => {
    const room = await enter(ada);
    await enter(ada);
    await enter(grace);
    const both = await whenRoom(room, ({ presentCount }) => presentCount === 2);
    expect(both.present.map(({ name }) => name).sort()).toEqual(['Ada', 'Grace']);
  });

  test('shows who is typing until their message is there', async () => {
    const [mine, theirs] = [await enter(ada), await enter(grace)];
    theirs.typing();
    const { typing } = await whenRoom(mine, (snapshot) => snapshot.typing.length > 0);
    expect(typing).toEqual([{ id: grace.id, name: 'Grace' }]);
    theirs.send('there');
    const after = await whenRoom(mine, (snapshot) => bodies(snapshot).includes('there'));
    expect(after.typing).toEqual([]);
    expect(theirs.snapshot.typing).toEqual([]);
  });

  test('tells the person what happens in rooms that are not open', async () => {
    const client = connect(ada);
    await whenState(client, 'ready');
    const told = whenTold(client, 'unread', lobby);
    await say(grace, 'psst');
    expect((await told).unread).toBe(1);
    const designers = (await grace.createRoom('designers', true)).id;
    const added = whenTold(client, 'added', designers);
    await grace.request('POST', `/api/rooms/${designers}/members`, { user: ada.id });
    expect(await added).toMatchObject({ name: 'designers', private: true });
    const removed = whenTold(client, 'removed', designers);
    await grace.request('DELETE', `/api/rooms/${designers}/members/${ada.id}`);
    await removed;
  });

  test('marks what is read', async () => {
    await say(grace, 'one', 'two');
    expect(await unreadOf(ada)).toBe(2);
    const elsewhere = connect(ada);
    await whenState(elsewhere, 'ready');
    const room = await enter(ada);
    // News are gathered for a moment, so that what was true before may still be told.
    const whenUnread = async (count: number) => {
      while ((await whenTold(elsewhere, 'unread', lobby)).unread !== count);
    };
    const told = whenUnread(0);
    room.read(room.snapshot.head);
    await told;
    expect(await unreadOf(ada)).toBe(0);
    const again = whenUnread(1);
    const { seq } = await grace.post(lobby, newMessageId(), 'three');
    await again;
    const last = whenUnread(0);
    room.read(seq);
    room.close();
    await last;
  });

  test('marks what is read also where the connection breaks before the server has heard of it', async () => {
    await say(grace, 'one', 'two');
    const proxy = await FaultProxy.open(server.origin);
    const room = await enter(ada, {}, { url: proxy.origin });
    proxy.hold();
    room.read(room.snapshot.head);
    proxy.heal();
    await expect.poll(() => unreadOf(ada)).toBe(0);
    await proxy.close();
  });

  test.each(['before', 'after'])('marks what is read also where one leaves %s the connection breaks', async (when) => {
    await say(grace, 'one', 'two');
    const proxy = await FaultProxy.open(server.origin);
    const room = await enter(ada, {}, { url: proxy.origin });
    proxy.hold();
    room.read(room.snapshot.head);
    if (when === 'before') room.close();
    proxy.heal();
    const [client] = clients;
    if (client && when === 'after') {
      await whenState(client, 'offline');
      room.close();
    }
    await expect.poll(() => unreadOf(ada)).toBe(0);
    expect(room.snapshot.state).toBe('idle');
    await proxy.close();
  });

  test('marks what is read also where one goes on to another room before this one is joined', async () => {
    await say(grace, 'one', 'two');
    const { items } = await ada.history(lobby);
    const client = connect(ada);
    await whenState(client, 'ready');
    const room = client.room(lobby, { history: items });
    room.open();
    room.read(room.snapshot.head);
    room.close();
    await expect.poll(() => unreadOf(ada)).toBe(0);
  });

  test('marks what is read also where it could not be stored at first, and troubles nobody with it', async () => {
    await say(grace, 'one', 'two');
    const refused = { type: 'error', room: lobby, code: 'storage_unavailable', detail: 'Not now.', retryAfter: 0.1 };
    let refusals = 1;
    const RefusedSocket = class extends WebSocket {
      override send(data: string): void {
        const isRefused = data.includes('"read"') && refusals > 0;
        if (!isRefused) super.send(data);
        else setImmediate(() => this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(refused) })));
        refusals -= isRefused ? 1 : 0;
      }
    };
    const room = await enter(ada, {}, { WebSocket: RefusedSocket });
    const faults: string[] = [];
    clients[0]?.on('error', ({ code }) => faults.push(code));
    room.read(room.snapshot.head);
    await expect.poll(() => unreadOf(ada)).toBe(0);
    expect(faults).toEqual([]);
  });

  test('A10: a room that was left in the same moment still sends what was written in it', async () => {
    const client = connect(ada);
    await whenState(client, 'ready');
    const room = client.room(lobby);
    room.open();
    room.send('and gone');
    room.close();
    await whenRoom(room, ({ pending, state }) => pending.length === 0 && state === 'idle');
    expect((await ada.history(lobby)).items.at(-1)).toMatchObject({ body: 'and gone' });
  });

  test('P-CLIENT-4, A10: what was unsent at a reload is sent by the next page, wherever that is, and nothing else is kept', async () => {
    const storage = new MemoryStorage();
    const room = await enter(ada, {}, { storage });
    clients[0]?.close();
    room.send('one');
    room.send('two');
    expect(storage.text).toContain('two');
    expect(storage.text).not.toContain('eyJ');
    const next = connect(ada, { storage });
    await whenState(next, 'ready');
    expect(bodies(await whenRoom(next.room(lobby), ({ state }) => state === 'idle'))).toEqual(['one', 'two']);
    expect(storage.size).toBe(0);
  });

  test('a spoilt storage keeps nobody out of their rooms', async () => {
    const storage = new MemoryStorage();
    storage.setItem(`parlour.outbox.${ada.id}`, JSON.stringify({ [lobby]: [null, { id: 1 }] }));
    const room = await enter(ada, {}, { storage });
    room.send('still works');
    expect(bodies(await whenSent(room))).toEqual(['still works']);
  });

  test('I3: a message whose `ack` was lost with the page is not shown twice by the next page', async () => {
    const storage = new MemoryStorage();
    const room = await enter(ada, {}, { storage });
    clients[0]?.close();
    const { id } = room.send('twice?');
    await ada.post(lobby, id, 'twice?');
    const { items } = await ada.history(lobby);
    const next = connect(ada, { storage }).room(lobby, { history: items });
    next.open();
    const doubles: string[] = [];
    next.subscribe(() => {
      const { pending } = next.snapshot;
      doubles.push(...pending.map((message) => message.body));
    });
    await whenSent(next);
    expect([bodies(next.snapshot), doubles]).toEqual([['twice?'], []]);
  });

  test('forget() leaves nothing of the person, what is unsent included', async () => {
    const storage = new MemoryStorage();
    const { client } = clientOf(ada, { storage });
    clients.push(client);
    client.connect();
    const room = client.room(lobby);
    room.open();
    await whenRoom(room, isLive);
    client.close();
    room.send('unsent');
    expect(storage.size).toBe(1);
    client.forget();
    expect(storage.size).toBe(0);
    expect([client.user, client.state.name, room.snapshot.events, room.snapshot.pending]).toEqual([
      undefined,
      'idle',
      [],
      [],
    ]);
    client.connect();
    await whenRoom(room, isLive);
    expect([bodies(room.snapshot), room.snapshot.pending]).toEqual([[], []]);
  });

  test('forget() drops also what was written before anybody was known, so that the next person does not send it', async () => {
    const browser = await ada.elsewhere();
    const { client } = clientOf(browser);
    clients.push(client);
    const { items } = await ada.history(lobby);
    const room = client.room(lobby, { history: items });
    room.send('from Ada');
    client.forget();
    expect([room.snapshot.pending, room.snapshot.events]).toEqual([[], []]);
    await browser.signIn(grace.account.email);
    client.connect();
    room.open();
    await whenRoom(room, isLive);
    room.send('from Grace');
    expect(bodies(await whenSent(room))).toEqual(['from Grace']);
  });

  test('forget() drops also what a login that ran out had left for its next', async () => {
    const storage = new MemoryStorage();
    const browser = await ada.elsewhere();
    const { client } = clientOf(browser, { storage });
    clients.push(client);
    client.connect();
    await whenState(client, 'ready');
    client.close();
    client.room(lobby).send('unsent');
    await browser.signOut();
    client.connect();
    await whenState(client, 'signed-out');
    expect(storage.size).toBe(1);
    client.forget();
    expect(storage.size).toBe(0);
  });

  test('a sign-out leaves nothing of the person also where a room’s listener closes the client in that moment', async () => {
    const storage = new MemoryStorage();
    const browser = await ada.elsewhere();
    const WebSocket = spoilingSocket((frame) => (frame.type === 'ack' || frame.type === 'event' ? [] : [frame]));
    const { client } = clientOf(browser, { storage, WebSocket });
    clients.push(client);
    client.connect();
    const room = client.room(lobby);
    room.open();
    await whenRoom(room, isLive);
    room.send('unsent');
    expect(storage.size).toBe(1);
    room.subscribe(() => client.state.name === 'signed-out' && client.close());
    await browser.signOut();
    await expect.poll(() => client.state.name).toBe('idle');
    expect([client.user, room.snapshot.pending, storage.size]).toEqual([undefined, [], 0]);
  });

  test('a person who signs in next may send as soon as they are ready', async () => {
    const browser = await ada.elsewhere();
    const { client } = clientOf(browser);
    clients.push(client);
    client.connect();
    const room = client.room(lobby);
    await whenState(client, 'ready');
    client.close();
    await browser.signIn(grace.account.email);
    client.on('state', ({ name }) => name === 'ready' && room.send('from Grace'));
    client.connect();
    await whenState(client, 'ready');
    room.open();
    await whenRoom(room, isLive);
    expect(bodies(await whenSent(room))).toEqual(['from Grace']);
  });

  test('a person who signs in next sees and sends nothing of the one before', async () => {
    const browser = await ada.elsewhere();
    const { client } = clientOf(browser);
    clients.push(client);
    client.connect();
    const room = client.room(lobby);
    room.open();
    room.send('from Ada');
    await whenSent(room);
    await browser.signOut();
    await whenState(client, 'signed-out');
    room.send('to nobody');
    expect(room.snapshot.events).toEqual([]);
    await browser.signIn(grace.account.email);
    client.connect();
    await whenRoom(room, isLive);
    expect(room.snapshot.pending).toEqual([]);
    expect(bodies(room.snapshot)).toEqual(['from Ada']);
  });
});
