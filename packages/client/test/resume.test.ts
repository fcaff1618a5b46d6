import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeCodes } from '@parlour/protocol/close-codes';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../server/test/start-server.ts';
import type { Visitor } from '../../server/test/visitor.ts';
import type { Client } from '../src/client.ts';
import { FaultProxy } from './fault-proxy.ts';
import { ManualEnvironment } from './manual-environment.ts';
import { bodies, clientOf, hurry, isLive, whenRoom, whenSent, whenState } from './test-client.ts';

describe('a client on a network that fails', () => {
  let folder: string;
  let server: TestServer;
  let proxy: FaultProxy;
  let ada: Visitor;
  let grace: Visitor;
  let lobby: string;
  const clients: Client[] = [];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parlour-client-'));
    server = await startServer({ folder });
    proxy = await FaultProxy.open(server.origin);
    [ada, grace] = [await server.signUp('Ada'), await server.signUp('Grace')];
    lobby = (await ada.createRoom('lobby')).id;
    await grace.join(lobby);
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await proxy.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  });

  async function enter(visitor: Visitor, environment?: ManualEnvironment) {
    const { client } = clientOf(visitor, {
      url: proxy.origin,
      retry: { interval: 20 },
      ...(environment ? { environment } : {}),
    });
    clients.push(client);
    client.connect();
    const room = client.room(lobby);
    room.open();
    await whenRoom(room, isLive);
    return { client, room };
  }

  test('P-CLIENT-2, A11, fault 7: what was said while the network was gone comes in order when it is back', async () => {
    const { client, room } = await enter(ada);
    proxy.refuse();
    await whenState(client, 'offline');
    for (const text of ['one', 'two', 'three']) await grace.post(lobby, `id-${text}`, text);
    proxy.heal();
    expect(bodies(await whenRoom(room, (now) => bodies(now).length === 3))).toEqual(['one', 'two', 'three']);
  });

  test('A10: what was written while the network was gone waits, and goes out in order', async () => {
    const { client, room } = await enter(ada);
    proxy.refuse();
    await whenState(client, 'offline');
    for (const text of ['one', 'two', 'three']) room.send(text);
    expect(room.snapshot.pending.map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting']);
    proxy.heal();
    expect(bodies(await whenSent(room))).toEqual(['one', 'two', 'three']);
  });

  test('P-CLIENT-2, I2, I3: two people who write through a network that breaks again and again lose, double and swap nothing', async () => {
    const [mine, theirs] = [await enter(ada), await enter(grace)];
    const texts = Array.from({ length: 25 }, (_, index) => `${index}`);
    for (const text of texts) {
      mine.room.send(`ada ${text}`);
      theirs.room.send(`grace ${text}`);
    }
    for (let round = 1; round <= 6; round += 1) {
      await whenRoom(mine.room, ({ pending }) => pending.length <= 25 - round * 3);
      proxy.cut();
      await whenState(mine.client, 'ready');
    }
    const seen = [bodies(await whenSent(mine.room)), bodies(await whenSent(theirs.room))];
    const count = 2 * texts.length;
    await whenRoom(mine.room, (now) => bodies(now).length === count);
    await whenRoom(theirs.room, (now) => bodies(now).length === count);
    const all = bodies(mine.room.snapshot);
    expect(bodies(theirs.room.snapshot)).toEqual(all);
    for (const name of ['ada', 'grace']) {
      expect(all.filter((text) => text.startsWith(name))).toEqual(texts.map((text) => `${name} ${text}`));
    }
    expect(seen.every((list) => list.every((text, index) => text === all[index]))).toBe(true);
  }, 30_000);

  test('P-CLIENT-2, I3: a send whose answer never came goes out again over a new connection, and is there once', async () => {
    const environment = new ManualEnvironment();
    const { client, room } = await enter(ada, environment);
    proxy.hold();
    room.send('once');
    environment.advance(10_000);
    expect(client.state.name).toBe('offline');
    hurry(client, environment);
    proxy.heal();
    environment.advance(20);
    expect(bodies(await whenSent(room))).toEqual(['once']);
    expect((await grace.history(lobby)).items.filter(({ event }) => event === 'message')).toHaveLength(1);
  });

  test('P-CLOSE-5, A11, I4: the server restarts between two words, and the room goes on where it was', async () => {
    const { client, room } = await enter(ada);
    room.send('before');
    await whenSent(room);
    const stopped = whenState(client, 'offline').then(() => client.state.reason);
    await server.stop();
    expect(await stopped).toBe(closeCodes.restarting.meaning);
    room.send('meanwhile');
    server = await startServer({ folder });
    proxy.lead(server.origin);
    expect(bodies(await whenSent(room))).toEqual(['before', 'meanwhile']);
  });
});
