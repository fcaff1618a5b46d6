import './page.ts';

import { newMessageId } from '@parlour/protocol/ids';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../../../server/test/start-server.ts';
import type { Visitor } from '../../../server/test/visitor.ts';
import { type Client, type ClientOptions, ParlourError } from '../../src/client.ts';
import { FaultProxy } from '../fault-proxy.ts';
import { MemoryStorage } from '../memory-storage.ts';
import { bodies, clientOf, isLive, whenRoom } from '../test-client.ts';
import { type Binding, Screen } from './binding.ts';
import { reactBinding, strictReactBinding } from './react-binding.ts';
import { vueBinding } from './vue-binding.ts';

const ticketRequest = 'POST /api/sockets/tickets';

describe.each<Binding>([reactBinding, strictReactBinding, vueBinding])('the binding for $name', (binding) => {
  let server: TestServer;
  let proxy: FaultProxy;
  let ada: Visitor;
  let grace: Visitor;
  let lobby: string;
  let screen: Screen;
  const ends: (() => void)[] = [];

  beforeAll(async () => {
    server = await startServer({ environment: { PARLOUR_RATE_LIMITS: 'off' } });
    [ada, grace] = [await server.signUp('Ada'), await server.signUp('Grace')];
  });

  beforeEach(async () => {
    proxy = await FaultProxy.open(server.origin);
    lobby = (await ada.createRoom('lobby')).id;
    await grace.join(lobby);
    screen = new Screen();
  });

  afterEach(async () => {
    for (const end of ends.splice(0)) end();
    await proxy.close();
  });

  afterAll(() => server.stop());

  function newClient(visitor = ada): Client {
    const { client } = clientOf(visitor, { retry: { interval: 1 }, storage: new MemoryStorage() });
    ends.push(() => client.close());
    return client;
  }

  /** What `useParlour` is given, so that it makes a client of its own as this person. */
  function optionsFor(visitor: Visitor): { options: ClientOptions & { room: string }; requests: string[] } {
    const requests: string[] = [];
    const options: ClientOptions & { room: string } = {
      url: proxy.origin,
      room: lobby,
      retry: { interval: 1 },
      storage: new MemoryStorage(),
      fetch: (input, init) => {
        requests.push(`${init?.method} ${new URL(String(input)).pathname}`);
        const headers = new Headers(init?.headers);
        headers.set('cookie', visitor.cookie);
        return fetch(input, { ...init, headers });
      },
    };
    return { options, requests };
  }

  function use(visitor = ada) {
    const { options, requests } = optionsFor(visitor);
    const mounted = binding.mountParlour({ options, onRender: screen.onRender });
    ends.push(() => mounted.unmount());
    return { ...mounted, requests };
  }

  test('B7: is ready only when authenticated, and `data` is the room’s newest event', async () => {
    use();
    await screen.when(({ readyState }) => readyState === 'ready');
    expect(screen.renderings[0]?.readyState).not.toBe('ready');
    await grace.post(lobby, newMessageId(), 'hello');
    const { data } = await screen.when((shown) => bodies(shown.snapshot).length > 0);
    expect(data).toMatchObject({ event: 'message', body: 'hello', author: { name: 'Grace' } });
  });

  test('B7: sends queue while it is not ready, and go out in order when it is', async () => {
    use();
    const { send } = await screen.when(() => true);
    for (const text of ['one', 'two']) send(text);
    const waiting = await screen.when(({ snapshot }) => snapshot.pending.length === 2);
    expect(waiting.readyState).not.toBe('ready');
    const { snapshot } = await screen.when((shown) => bodies(shown.snapshot).length === 2);
    expect([bodies(snapshot), snapshot.pending]).toEqual([['one', 'two'], []]);
  });

  test('B7, fault 14: comes back by itself, with a ticket of its own for each attempt', async () => {
    const { requests } = use();
    await screen.when(({ snapshot }) => isLive(snapshot));
    const before = requests.filter((request) => request === ticketRequest).length;
    proxy.cut();
    await screen.when(({ readyState }) => readyState === 'offline');
    await screen.when(({ readyState, snapshot }) => readyState === 'ready' && isLive(snapshot));
    expect(requests.filter((request) => request === ticketRequest)).toHaveLength(before + 1);
  });

  test('B7: nothing fires after unmounting, and the socket is gone', async () => {
    const watcher = newClient(grace);
    watcher.connect();
    const room = watcher.room(lobby);
    room.open();
    const mounted = use();
    await screen.when(({ snapshot }) => snapshot.presentCount === 2);
    mounted.unmount();
    const [shown, requests] = [screen.renderings.length, mounted.requests.length];
    await grace.post(lobby, newMessageId(), 'after');
    await whenRoom(room, (snapshot) => bodies(snapshot).includes('after'));
    expect([screen.renderings.length, mounted.requests.length]).toEqual([shown, requests]);
  });

  test('opens a room while it is shown, and follows another id', async () => {
    const other = (await ada.createRoom('designers')).id;
    const client = newClient();
    client.connect();
    const mounted = binding.mountRoom({ client, room: lobby, onRender: screen.onRender });
    await screen.when(({ snapshot }) => isLive(snapshot));
    mounted.update({ client, room: other, onRender: screen.onRender });
    await screen.when(({ snapshot }) => snapshot.id === other && isLive(snapshot));
    expect(client.room(lobby).snapshot.state).toBe('idle');
    mounted.unmount();
    await whenRoom(client.room(other), ({ state }) => state === 'idle');
  });

  test('two components share a room: it stays open until both are gone', async () => {
    const client = newClient();
    client.connect();
    const screens = [new Screen(), new Screen()];
    const [first, second] = screens.map(({ onRender }) => binding.mountRoom({ client, room: lobby, onRender }));
    await Promise.all(screens.map((each) => each.when(({ snapshot }) => isLive(snapshot))));
    first?.unmount();
    await grace.post(lobby, newMessageId(), 'still here');
    await screens[1]?.when(({ snapshot }) => bodies(snapshot).includes('still here'));
    second?.unmount();
    await whenRoom(client.room(lobby), ({ state }) => state === 'idle');
  });

  test('shows the connection without connecting or closing it', async () => {
    const client = newClient();
    const mounted = binding.mountRoom({ client, room: lobby, onRender: screen.onRender });
    await screen.when(({ readyState }) => readyState === 'idle');
    client.connect();
    await screen.when(({ readyState }) => readyState === 'ready');
    mounted.unmount();
    expect(client.state.name).toBe('ready');
  });

  test('shows what changed while the client was closed as soon as it connects again', async () => {
    const { client } = clientOf(ada, { url: proxy.origin, retry: { interval: 1 } });
    ends.push(() => client.close());
    client.connect();
    const mounted = binding.mountRoom({ client, room: lobby, onRender: screen.onRender });
    ends.push(() => mounted.unmount());
    await screen.when(({ snapshot }) => isLive(snapshot));
    proxy.refuse();
    client.close();
    client.connect();
    const { readyState, snapshot } = await screen.when((shown) => shown.readyState === 'offline');
    expect([readyState, snapshot.state]).toEqual(['offline', 'loading']);
  });

  test('I7: shows that the login has ended', async () => {
    const browser = await ada.elsewhere();
    const client = newClient(browser);
    client.connect();
    const mounted = binding.mountRoom({ client, room: lobby, onRender: screen.onRender });
    ends.push(() => mounted.unmount());
    await screen.when(({ snapshot }) => isLive(snapshot));
    await browser.signOut();
    const { snapshot } = await screen.when(({ readyState }) => readyState === 'signed-out');
    expect(snapshot.events).toEqual([]);
  });

  test('I7: shows nothing of what the page was rendered with once the login has ended', async () => {
    const browser = await ada.elsewhere();
    await grace.post(lobby, newMessageId(), 'secret');
    const { items } = await ada.history(lobby);
    const client = newClient(browser);
    client.connect();
    const mounted = binding.mountRoom({ client, room: lobby, history: [...items], onRender: screen.onRender });
    ends.push(() => mounted.unmount());
    await screen.when(({ snapshot }) => isLive(snapshot) && bodies(snapshot).includes('secret'));
    await browser.signOut();
    await screen.when(({ readyState }) => readyState === 'signed-out');
    mounted.update({ client, room: lobby, history: [...items], onRender: screen.onRender });
    await new Promise((resolve) => setImmediate(resolve));
    expect(screen.last.snapshot.events).toEqual([]);
  });

  test('A10: a send that can only fail throws, so that the text stays in its field', async () => {
    use();
    const { send } = await screen.when(() => true);
    expect(() => send('')).toThrow(ParlourError);
  });

  test('D6: on a server it renders the history that it is given, and starts nothing', async () => {
    const { items } = await ada.history(lobby);
    const { client, requests } = clientOf(ada);
    const html = await binding.renderRoom({ client, room: lobby, history: items });
    expect(html).toContain(`${items.length} events, idle`);
    expect([requests, client.room(lobby).snapshot.state]).toEqual([[], 'idle']);
  });
});
