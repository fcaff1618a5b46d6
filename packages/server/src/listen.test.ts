import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Listener, listen } from './listen.ts';

let listener: Listener;
beforeEach(async () => {
  listener = await listen(0, '127.0.0.1');
  listener.handle({
    request: (_request, response) => void response.writeHead(401, { 'content-length': 2 }).end('No'),
    upgrade: (_request, socket) => socket.destroy(),
  });
});
afterEach(() => listener.close());

/** What comes back to a request that is sent to its end, whatever was answered meanwhile. */
async function post(bodyBytes: number): Promise<string> {
  const socket = connect(listener.port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  const closed = once(socket, 'close');
  socket.write(`POST / HTTP/1.1\r\nHost: house.example\r\nConnection: close\r\nContent-Length: ${bodyBytes}\r\n\r\n`);
  const piece = Buffer.alloc(64 * 1024, 'x');
  for (let left = bodyBytes; left > 0; left -= piece.length) {
    socket.write(piece.subarray(0, left));
    await setImmediate();
  }
  await closed;
  return answer;
}

test('whoever is answered before their body has come can send it to its end, and reads the answer', async () => {
  for (let i = 0; i < 20; i += 1) expect(await post(4_000_000)).toMatch(/^HTTP\/1\.1 401 .*\r\n\r\nNo$/s);
});

test('a connection that was to be closed is, whether there was a body or not', async () => {
  expect(await post(0)).toMatch(/No$/);
  expect(await post(1)).toMatch(/No$/);
});
