import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { ParlourError } from '@parlour/protocol/errors';
import { limits } from '@parlour/protocol/limits';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clientFrame, RawSocket } from '../../test/raw-socket.ts';
import { TestSocket, UpgradeRefused } from '../../test/test-socket.ts';
import { type Listener, listen } from '../listen.ts';
import { Pace } from '../pace.ts';
import type { Connection } from './connection.ts';
import type { CommandTable } from './peer.ts';
import type { Revocation } from './revocation-reader.ts';
import { SocketServer } from './socket-server.ts';
import { Subscription } from './subscription.ts';

const person = { id: 'ada', name: 'Ada' };
const forever = 8.64e15;
const frame = { type: 'left', room: 'r'.repeat(16 * 1024) } as const;

describe('the sockets of a node, over real connections', () => {
  let listener: Listener;
  let server: SocketServer;
  let log: Revocation[];
  let ends: number;
  let serverSide: Duplex[];
  let commands: CommandTable;
  let verified: Promise<void>;
  let found: Promise<void>;
  let granted: () => Promise<void>;
  let readable: Promise<void>;
  let mayBegin: Promise<void>;
  let used: string[];

  beforeEach(async () => {
    log = [];
    ends = 0;
    serverSide = [];
    verified = Promise.resolve();
    found = Promise.resolve();
    granted = async () => undefined;
    readable = Promise.resolve();
    mayBegin = Promise.resolve();
    used = [];
    const pace = new Pace();
    const nothing = async () => undefined;
    commands = { join: nothing, leave: nothing, send: nothing, typing: nothing, read: nothing };
    server = new SocketServer({
      clock: { now: () => Date.now() },
      handshakeTimeout: 15_000,
      limitsSpeed: false,
      pace: Object.assign(pace, { begin: () => mayBegin }),
      commands: () => commands,
      revocations: {
        readLast: async () => 0,
        readAfter: async (last) => {
          await readable;
          return log.filter(({ number }) => number > last);
        },
      },
      useTicket: async (ticket) => {
        used.push(ticket);
        await found;
        return { grantId: 'grant', userId: person.id };
      },
      allowsOrigin: () => true,
      countUpgrade: () => 0,
      onRefused: () => undefined,
      verifyToken: async () => {
        await verified;
        return { sub: person.id, sid: 'grant', expiresAt: forever };
      },
      findGrant: async () => {
        await granted();
        return { user: person, mayWrite: true, expiresAt: forever, endsAt: forever };
      },
      onPersonEnter: () => undefined,
      onPersonLeave: () => undefined,
      onMembershipEnded: () => undefined,
      onRoleChanged: () => undefined,
      onEnd: () => {
        ends += 1;
      },
      onError: (error) => {
        throw error;
      },
    });
    await server.start();
    listener = await listen(0, '127.0.0.1');
    listener.handle({
      request: (_request, response) => response.end(),
      upgrade: (request, socket, head) => {
        serverSide.push(socket);
        server.upgrade(request, socket, head);
      },
    });
  });

  afterEach(async () => {
    await Promise.all([server.stop(), listener.close()]);
  });

  const open = () => TestSocket.open(`http://127.0.0.1:${listener.port}`, 'ticket');

  async function connect(): Promise<{ socket: TestSocket; connection: Connection; held(): number }> {
    const socket = await open();
    socket.send({ type: 'authenticate', token: 'token' });
    await socket.next('authenticated');
    const connection = server.connections.ofUser(person.id).at(-1);
    if (connection === undefined) throw new Error('nobody is connected');
    return { socket, connection, held: () => connection.unread };
  }

  test('P-UPGRADE-6, I9: tells to come back when a thousand upgrades are under way', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    found = promise;
    const tenRefused = Promise.withResolvers<void>();
    const refused: UpgradeRefused[] = [];
    const attempt = async () => {
      try {
        await (await open()).cut();
      } catch (error) {
        if (!(error instanceof UpgradeRefused)) throw error;
        if (refused.push(error) === 10) tenRefused.resolve();
      }
    };
    const attempts = Array.from({ length: 1_010 }, attempt);
    await tenRefused.promise;
    resolve();
    await Promise.all(attempts);
    expect(refused.map(({ status, headers }) => [status, headers['retry-after']])).toEqual(
      Array.from({ length: 10 }, () => [503, '1']),
    );
  });

  test('P-UPGRADE-6: whoever waits for their turn while the node begins to stop is told to come back, ticket unused', async () => {
    await (await open()).cut();
    expect(used).toEqual(['ticket']);
    const { promise, resolve } = Promise.withResolvers<void>();
    mayBegin = promise;
    const before = serverSide.length;
    const attempt = open();
    while (serverSide.length === before) await setImmediate();
    const draining = server.drain();
    resolve();
    await expect(attempt).rejects.toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    await draining;
    expect(used).toEqual(['ticket']);
  });

  test('P-UPGRADE-6: whoever’s ticket is looked up while the node begins to stop is told to come back', async () => {
    await (await open()).cut();
    const { promise, resolve } = Promise.withResolvers<void>();
    found = promise;
    const attempt = open();
    while (used.length === 1) await setImmediate();
    await server.drain();
    resolve();
    await expect(attempt).rejects.toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(server.connections.size).toBe(0);
  });

  test('P-LIMIT-4, I9: closes a reader that is more than 1 MiB behind with 4508, and holds no more for it', async () => {
    const reading = await connect();
    for (let i = 0; i < 1_000; i += 1) {
      reading.connection.deliver(frame);
      await reading.connection.drained();
    }
    await reading.socket.settle();
    expect(reading.socket.log).toHaveLength(1_001);

    const stuck = await connect();
    stuck.socket.pause();
    let most = 0;
    while (ends === 0) {
      stuck.connection.deliver(frame);
      most = Math.max(most, stuck.held());
      await setImmediate();
    }
    expect(most).toBeGreaterThan(limits.outboxBytes / 2);
    expect(most).toBeLessThan(limits.outboxBytes + 32 * 1024);
    stuck.socket.resume();
    expect((await stuck.socket.closed).code).toBe(4508);
    expect(server.connections.size).toBe(1);
  });

  test('P-LIMIT-4, I9: lets go of a stuck reader that does not even take the close frame', async () => {
    const { socket, connection, held } = await connect();
    socket.pause();
    while (ends === 0) {
      connection.deliver(frame);
      await setImmediate();
    }
    const [duplex] = serverSide;
    if (duplex?.destroyed === false) await once(duplex, 'close');
    expect(held()).toBe(0);
    socket.resume();
    await socket.closed;
  });

  test('P-LIMIT-4, I9: answers to pings that nobody reads count too', async () => {
    const { socket, held } = await connect();
    socket.pause();
    let most = 0;
    while (ends === 0) {
      for (let i = 0; i < 2_000; i += 1) socket.ping('p'.repeat(125));
      most = Math.max(most, held());
      await setImmediate();
    }
    expect(most).toBeLessThan(limits.outboxBytes + 32 * 1024);
    socket.resume();
    await socket.closed;
  });

  test('P-REVOKE-2, I7: closes with the reason, and is deaf and mute from that moment', async () => {
    let taken = 0;
    commands.typing = async () => {
      taken += 1;
    };
    const { socket, connection } = await connect();
    socket.send({ type: 'typing', room: 'r' });
    await socket.settle();
    expect(taken).toBe(1);
    for (let i = 0; i < 50; i += 1) socket.send({ type: 'typing', room: 'r' });
    log.push({ number: 1, kind: 'grant', grantId: 'grant', user: person.id, reason: 'signed_out' });
    server.hurryRevocations();
    while (connection.isOpen) await Promise.resolve();
    const before = taken;
    connection.deliver({ type: 'left', room: 'too late' });
    expect(await socket.closed).toEqual({ code: 4403, reason: 'signed_out' });
    expect(taken).toBe(before);
    expect(socket.log.map(({ type }) => type)).toEqual(['authenticated']);
    expect(server.connections.size).toBe(0);
  });

  test('P-REVOKE-2, I7: cuts where a close frame would come behind what was not delivered', async () => {
    const { socket, connection, held } = await connect();
    socket.pause();
    while (held() < 128 * 1024) {
      connection.deliver(frame);
      await setImmediate();
    }
    log.push({ number: 1, kind: 'grant', grantId: 'grant', user: person.id, reason: 'signed_out' });
    server.hurryRevocations();
    while (connection.isOpen) await setImmediate();
    while (held() > 0) await setImmediate();
    socket.resume();
    expect((await socket.closed).code).toBe(1006);
  });

  /** A peer that does not read, with something that the kernel has not taken before it. */
  async function connectStuck() {
    const raw = await RawSocket.open(`http://127.0.0.1:${listener.port}`, 'ticket');
    raw.write(clientFrame(0x81, JSON.stringify({ type: 'authenticate', token: 'token' })));
    await raw.text();
    const [connection, duplex] = [server.connections.ofUser(person.id).at(-1), serverSide.at(-1)];
    if (connection === undefined || duplex === undefined) throw new Error('nobody is connected');
    raw.stopReading();
    while (connection.unread < 128 * 1024) {
      connection.deliver(frame);
      await setImmediate();
    }
    return { raw, connection, duplex };
  }

  test('P-REVOKE-2, I7, I9: cuts a peer that has ended its half of the connection too', async () => {
    const { raw, connection, duplex } = await connectStuck();
    raw.endHalf();
    await once(duplex, 'end');
    expect(connection.isOpen).toBe(true);
    const closed = once(duplex, 'close');
    connection.close('revoked', 'signed_out');
    await closed;
  });

  test('P-FRAME-6: nothing follows the close frame that answers the peer’s', async () => {
    const { raw, connection, duplex } = await connectStuck();
    raw.write(clientFrame(0x88, Buffer.from([1_000 >> 8, 1_000 & 0xff])));
    await once(duplex, 'data');
    connection.deliver(frame);
    raw.readOn();
    while ((await raw.next())?.opcode !== 8);
    expect(await raw.next()).toBe(undefined);
  });

  test('P-REVOKE-3, P-REVOKE-4, I7: what was held goes to nobody whose membership ended meanwhile', async () => {
    const [member, removed] = [await connect(), await connect()];
    removed.connection.subscriptions.set('room', new Subscription(removed.connection, 'room'));
    const { promise, resolve } = Promise.withResolvers<void>();
    readable = promise;
    while (server.fault === undefined) await setImmediate();
    for (const { connection } of [member, removed]) connection.deliver(frame);
    log.push({ number: 1, kind: 'membership', user: person.id, room: 'room' });
    resolve();
    expect((await removed.socket.closed).code).toBe(1012);
    await member.socket.next('left');
    expect(removed.socket.log.map(({ type }) => type)).toEqual(['authenticated']);
  });

  test('P-LIMIT-5, I9: has at most 256 commands of one peer under way, and takes the rest up in order', async () => {
    const finish: (() => void)[] = [];
    const taken: string[] = [];
    commands.typing = ({ lane }, { room }) => {
      taken.push(room);
      expect(lane.number).toBeGreaterThan(0);
      return new Promise((resolve) => finish.push(resolve));
    };
    const { socket } = await connect();
    const rooms = Array.from({ length: 3_000 }, (_, i) => `r${i}`);
    for (const room of rooms) socket.send({ type: 'typing', room });
    let most = 0;
    for (let idle = 0; taken.length < rooms.length || finish.length > 0; ) {
      await setImmediate();
      most = Math.max(most, finish.length);
      idle = finish.length === 256 || taken.length === rooms.length ? idle + 1 : 0;
      // As many turns as let anything beyond the bound show.
      if (idle > 20) for (const done of finish.splice(0)) done();
    }
    expect(most).toBe(256);
    expect(taken).toEqual(rooms);
  });

  /** Sends a renewal whose token is looked at until the test says what came of it, and many commands behind it. */
  async function renewSlowly(socket: TestSocket, rooms: string[]) {
    const outcome = Promise.withResolvers<void>();
    verified = outcome.promise;
    socket.send({ type: 'authenticate', token: 'token' });
    for (const room of rooms) socket.send({ type: 'typing', room });
    // Not read any further: the renewal has been taken up, and something behind it has come.
    while (serverSide.at(-1)?.isPaused() !== true) await setImmediate();
    return outcome;
  }

  test('P-AUTH-2: whoever is renamed while their grant is looked up has the new name, at first and in a renewal', async () => {
    const socket = await open();
    const authenticate = async () => {
      socket.send({ type: 'authenticate', token: 'token' });
      return (await socket.next('authenticated')).user.name;
    };
    for (const name of ['Countess', 'Lady Lovelace']) {
      granted = async () => {
        for (const connection of server.connections.ofUser(person.id)) connection.rename(name);
      };
      expect(await authenticate()).toBe(name);
      expect(server.connections.ofUser(person.id).map(({ user }) => user.name)).toEqual([name]);
    }
    // What was told before a look-up is not newer than it.
    granted = async () => undefined;
    expect(await authenticate()).toBe(person.name);
    await socket.cut();
  });

  test('P-AUTH-10: what follows a renewal waits for it, in its order, and for the most part unread', async () => {
    const taken: string[] = [];
    commands.typing = async (_peer, { room }) => void taken.push(room);
    const { socket } = await connect();
    const rooms = Array.from({ length: 3_000 }, (_, i) => `r${i}`);
    socket.send({ type: 'typing', room: 'before' });
    await socket.settle();
    const renewal = await renewSlowly(socket, rooms);
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    expect(taken).toEqual(['before']);
    renewal.resolve();
    while (taken.length <= rooms.length) await setImmediate();
    expect(taken).toEqual(['before', ...rooms]);
    expect((await socket.settle()).map(({ type }) => type)).toEqual(['authenticated']);
  });

  test('P-AUTH-10: nothing of it is acted on where the renewal fails', async () => {
    const taken: string[] = [];
    commands.typing = async (_peer, { room }) => void taken.push(room);
    const { socket } = await connect();
    const renewal = await renewSlowly(socket, ['r1', 'r2']);
    renewal.reject(new ParlourError('not_authenticated', 'The token has expired.'));
    expect((await socket.closed).code).toBe(4401);
    expect(taken).toEqual([]);
  });

  test('I9: keeps nothing of a socket that goes while its token is looked at', async () => {
    let verify: () => void = () => undefined;
    verified = new Promise((resolve) => {
      verify = resolve;
    });
    const socket = await open();
    socket.send({ type: 'authenticate', token: 'token' });
    await socket.settle();
    expect(server.connections.size).toBe(1);
    await socket.cut();
    while (ends === 0) await setImmediate();
    verify();
    await setImmediate();
    expect([server.connections.size, server.connections.hasUser(person.id)]).toEqual([0, false]);
  });
});
