import { once } from 'node:events';
import { connect } from 'node:net';
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

beforeEach(async () => {
  handled = [];
  const pace = new Pace();
  const { promise, resolve } = Promise.withResolvers<void>();
  open = resolve;
  let count = 0;
  waiting = () => count;
  const closed: Pick<Pace, 'begin' | 'waiting'> = {
    get waiting() {
      return count;
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

/** Sends requests one after another, without waiting for an answer. */
function send(paths: readonly string[]) {
  const socket = connect(listener.port, '127.0.0.1');
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: house.example\r\n\r\n`).join(''));
  let answers = '';
  socket.setEncoding('latin1').on('data', (text: string) => {
    answers += text;
  });
  return { socket, statuses: () => answers.match(/(?<=HTTP\/1\.1 )\d+/g) ?? [] };
}

test('I10: requests begin when their turn comes, in the order in which they came', async () => {
  const paths = Array.from({ length: 100 }, (_, number) => `/${number}`);
  const { socket, statuses } = send(paths);
  while (waiting() < 100) await setImmediate();
  expect((await ask('/health/live')).status).toBe(200);
  expect(handled).toEqual(['/health/live']);
  open();
  while (statuses().length < 100) await setImmediate();
  expect(handled).toEqual(['/health/live', ...paths]);
  socket.destroy();
});

test('I9: when four thousand wait, the next is told to come back, and the others are answered', async () => {
  const { socket, statuses } = send(Array.from({ length: 4_000 }, () => '/api/tickets'));
  while (waiting() < 4_000) await setImmediate();
  const refused = await ask('/api/tickets');
  expect((await ask('/health/ready')).status).toBe(200);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await refused.json()).toMatchObject({ code: 'busy', retryAfter: 1 });
  open();
  while (statuses().length < 4_000) await setImmediate();
  expect(new Set(statuses())).toEqual(new Set(['200']));
  socket.destroy();
});

test('whoever is gone before their turn comes is not handled', async () => {
  const { socket } = send(['/gone']);
  await ask('/health/live');
  socket.destroy();
  await once(socket, 'close');
  await ask('/health/live');
  open();
  expect((await ask('/there')).status).toBe(200);
  expect(handled.filter((path) => !path.startsWith('/health/'))).toEqual(['/there']);
});
