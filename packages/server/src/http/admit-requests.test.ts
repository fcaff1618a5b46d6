import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Listener, listen } from '../listen.ts';
import { Pace } from '../pace.ts';
import { admitRequests } from './admit-requests.ts';

let listener: Listener;
let handled: string[];
/** Lets those begin who wait. */
let open: () => void;
let waiting: () => number;
/** Those who wait beside them. */
let others: number;

beforeEach(async () => {
  handled = [];
  others = 0;
  const pace = new Pace();
  const { promise, resolve } = Promise.withResolvers<void>();
  open = resolve;
  let count = 0;
  waiting = () => count;
  const closed: Pick<Pace, 'begin' | 'waiting'> = {
    get waiting() {
      return count + others;
    },
    begin: async () => {
      count += 1;
      await promise;
      await pace.begin();
    },
  };
  listener = await listen(0, '127.0.0.1');
  listener.handle({
    request: admitRequests(closed, ({ url = '' }, response) => {
      handled.push(url);
      response.end();
    }),
    upgrade: (_request, socket) => socket.destroy(),
  });
});
afterEach(() => listener.close());

const ask = (path: string) => fetch(`http://127.0.0.1:${listener.port}${path}`);

/** Sends requests in this order, each on a connection of its own, without waiting for an answer. */
async function send(paths: readonly string[]) {
  const sockets: Socket[] = [];
  let answers = '';
  for (const path of paths) {
    const socket = connect(listener.port, '127.0.0.1');
    sockets.push(socket);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: house.example\r\n\r\n`);
    socket.setEncoding('latin1').on('data', (text: string) => {
      answers += text;
    });
    while (waiting() < sockets.length) await setImmediate();
  }
  const close = () => {
    for (const socket of sockets) socket.destroy();
  };
  return { close, statuses: () => answers.match(/(?<=HTTP\/1\.1 )\d+/g) ?? [] };
}

test('I10: requests begin when their turn comes, in the order in which they came', async () => {
  const paths = Array.from({ length: 100 }, (_, number) => `/${number}`);
  const { close, statuses } = await send(paths);
  expect((await ask('/health/live')).status).toBe(200);
  expect(handled).toEqual(['/health/live']);
  open();
  while (statuses().length < 100) await setImmediate();
  expect(handled).toEqual(['/health/live', ...paths]);
  close();
});

test('I9: when four thousand wait, the next is told to come back, and the others are answered', async () => {
  others = 3_999;
  const { close, statuses } = await send(['/api/tickets']);
  const refused = await ask('/api/tickets');
  expect((await ask('/health/ready')).status).toBe(200);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await refused.json()).toMatchObject({ code: 'busy', retryAfter: 1 });
  open();
  while (statuses().length < 1) await setImmediate();
  expect(statuses()).toEqual(['200']);
  close();
});

test('I9: whoever sends a hundred requests at once takes one of the places', async () => {
  const socket = connect(listener.port, '127.0.0.1');
  socket.write('GET /many HTTP/1.1\r\nHost: house.example\r\n\r\n'.repeat(100));
  while (waiting() < 1) await setImmediate();
  const answer = ask('/one');
  while (waiting() < 2) await setImmediate();
  open();
  expect((await answer).status).toBe(200);
  expect(handled.slice(0, 2)).toEqual(['/many', '/one']);
  while (handled.length < 101) await setImmediate();
  socket.destroy();
});

test('whoever is gone before their turn comes is not handled', async () => {
  const { close } = await send(['/gone']);
  close();
  await ask('/health/live');
  await ask('/health/live');
  open();
  expect((await ask('/there')).status).toBe(200);
  expect(handled.filter((path) => !path.startsWith('/health/'))).toEqual(['/there']);
});
