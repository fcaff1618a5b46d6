import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Listener, listen } from './listen.ts';

let listener: Listener;
/** Requests that are under way, and those that were. */
let asked: { url: string; response: ServerResponse }[];

beforeEach(async () => {
  asked = [];
  listener = await listen(0, '127.0.0.1');
  listener.handle({
    request: ({ url = '' }, response) => void asked.push({ url, response }),
    upgrade: (_request, socket) => socket.destroy(),
  });
});
afterEach(() => listener.close());

/** Sends requests on a connection of their own, without waiting for an answer. */
function send(...paths: string[]) {
  const socket = connect(listener.port, '127.0.0.1');
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: house.example\r\n\r\n`).join(''));
  const sent = { answers: '', isClosed: false, leave: () => socket.destroy() };
  socket.setEncoding('latin1').on('data', (text: string) => {
    sent.answers += text;
  });
  socket
    .on('error', () => undefined)
    .on('close', () => {
      sent.isClosed = true;
    });
  return sent;
}
const urls = () => asked.map(({ url }) => url);
const many = (count: number) => Array.from({ length: count }, (_, i) => `/${i}`);

test('I9: the requests of a connection are handled one after another, beside those of others', async () => {
  const [one, other] = [send('/a', '/b', '/c'), send('/other')];
  while (asked.length < 2) await setImmediate();
  expect(urls().sort()).toEqual(['/a', '/other']);
  for (let i = 0; i < 4; i += 1) {
    while (asked.length <= i) await setImmediate();
    asked[i]?.response.end(asked[i]?.url);
  }
  while (!one.answers.endsWith('/c') || !other.answers.endsWith('/other')) await setImmediate();
  expect(one.answers.match(/(?<=\r\n\r\n)\/./g)).toEqual(['/a', '/b', '/c']);
  for (const { leave } of [one, other]) leave();
});

test('I9: a hundred and one requests of a connection are answered, and with one more it is cut off', async () => {
  const allowed = send(...many(101));
  for (let i = 0; i < 101; i += 1) {
    while (asked.length <= i) await setImmediate();
    asked[i]?.response.end();
  }
  while (allowed.answers.match(/200 OK/g)?.length !== 101) await setImmediate();
  expect(urls()).toEqual(many(101));
  allowed.leave();
  const refused = send(...many(102));
  while (!refused.isClosed) await setImmediate();
  expect(refused.answers).toBe('');
  expect(asked).toHaveLength(102);
});

test('nothing more is handled of a connection that is gone, or closed behind an answer', async () => {
  const gone = send('/gone', '/behind');
  while (asked.length < 1) await setImmediate();
  gone.leave();
  while (asked[0]?.response.closed !== true) await setImmediate();
  const closing = send('/last', '/behind');
  while (asked.length < 2) await setImmediate();
  asked[1]?.response.writeHead(200, { connection: 'close' }).end();
  while (!closing.isClosed) await setImmediate();
  expect(urls()).toEqual(['/gone', '/last']);
});
