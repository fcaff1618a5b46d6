import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
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
async function post(bodyBytes: number, connection = 'close'): Promise<string> {
  const socket = connect(listener.port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  const closed = once(socket, 'close');
  socket.write(
    `POST / HTTP/1.1\r\nHost: house.example\r\nConnection: ${connection}\r\nContent-Length: ${bodyBytes}\r\n\r\n`,
  );
  const piece = Buffer.alloc(64 * 1024, 'x');
  for (let left = bodyBytes; left > 0; left -= piece.length) {
    socket.write(piece.subarray(0, left));
    await setImmediate();
  }
  if (connection === 'keep-alive') socket.end();
  await closed;
  return answer;
}

test('whoever is answered before their body has come can send it to its end, and reads the answer', async () => {
  for (let i = 0; i < 20; i += 1) expect(await post(4_000_000)).toMatch(/^HTTP\/1\.1 401 .*\r\n\r\nNo$/s);
});

test('so can whoever is answered by a server that will stop soon', async () => {
  expect(await post(4_000_000, 'keep-alive')).toMatch(/^HTTP\/1\.1 401 .*\r\n\r\nNo$/s);
  listener.drain();
  for (let i = 0; i < 20; i += 1) expect(await post(4_000_000, 'keep-alive')).toMatch(/^HTTP\/1\.1 401 .*\r\n\r\nNo$/s);
});

test('a connection that was to be closed is, whether there was a body or not', async () => {
  expect(await post(0)).toMatch(/No$/);
  expect(await post(1)).toMatch(/No$/);
});

const ask = 'POST / HTTP/1.1\r\nHost: house.example\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';

async function readAll(socket: Socket): Promise<string> {
  let answer = '';
  for await (const text of socket.setEncoding('utf8')) answer += text;
  return answer;
}

test('I4: whoever has reached the port when it is given up is answered', async () => {
  const sockets = Array.from({ length: 100 }, () => connect(listener.port, '127.0.0.1'));
  const answers = sockets.map(readAll);
  for (const socket of sockets) socket.write(ask);
  await new Promise((resolve) => process.nextTick(resolve));
  while (countConnected(listener.port) < sockets.length);
  // They are in the queue of the port, and nobody has taken them.
  const closed = listener.close();
  expect(await Promise.all(answers)).toEqual(answers.map(() => expect.stringMatching(/No$/)));
  await closed;
});

test('I4: so is whoever has, where those before them take longer than a server usually waits for more', async () => {
  listener.handle({
    request: (_request, response) => {
      const until = performance.now() + 20;
      while (performance.now() < until);
      response.writeHead(401, { 'content-length': 2 }).end('No');
    },
    upgrade: (_request, socket) => socket.destroy(),
  });
  const sockets = Array.from({ length: 100 }, () => connect(listener.port, '127.0.0.1'));
  const answers = sockets.map(readAll);
  for (const socket of sockets) socket.write(ask);
  await new Promise((resolve) => process.nextTick(resolve));
  while (countConnected(listener.port) < sockets.length);
  const closed = listener.close();
  expect(await Promise.all(answers)).toEqual(answers.map(() => expect.stringMatching(/No$/)));
  await closed;
});

test('I4: whoever has connected while it stops is answered, also where they ask after the port was given up', async () => {
  listener.drain();
  const socket = connect(listener.port, '127.0.0.1');
  await once(socket, 'connect');
  const closed = listener.close();
  await expect.poll(() => isOpen(listener.port)).toBe(false);
  socket.write(ask);
  expect(await readAll(socket)).toMatch(/No$/);
  await closed;
});

/** Connections to this port that the kernel has opened. A busy one takes a moment for it; elsewhere than on Linux it is believed. */
function countConnected(port: number): number {
  if (process.platform !== 'linux') return Number.POSITIVE_INFINITY;
  const local = `: 0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  const isConnected = (line: string) => line.includes(local) && / 01 /.test(line);
  return readFileSync('/proc/net/tcp', 'utf8').split('\n').filter(isConnected).length;
}

function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return once(socket, 'connect').then(
    () => Boolean(socket.destroy()),
    () => false,
  );
}

test('whoever keeps a connection to a server that will stop soon is told to make another', async () => {
  const agent = new Agent({ keepAlive: true });
  const askKept = async () => {
    const [response] = await once(request({ port: listener.port, agent }).end(), 'response');
    response.resume();
    await once(response, 'end');
    return response.headers.connection;
  };
  expect(await askKept()).toBe('keep-alive');
  listener.drain();
  expect(await askKept()).toBe('close');
  agent.destroy();
});

test('I4: whoever has sent some requests without waiting is answered all of them by a server that will stop soon', async () => {
  listener.drain();
  const socket = connect(listener.port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: house.example\r\n\r\n'.repeat(3));
  expect((await readAll(socket)).match(/(?<=^connection: ).*$/gim)).toEqual(['keep-alive', 'keep-alive', 'close']);
});

test('I4: whoever reads a long answer slowly gets all of it while the server stops', async () => {
  const length = 20_000_000;
  listener.handle({
    request: (_request, response) => void response.end(Buffer.alloc(length, 'x')),
    upgrade: (_request, socket) => socket.destroy(),
  });
  const socket = connect(listener.port, '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: house.example\r\n\r\n');
  await once(socket, 'readable');
  const closed = listener.close();
  await expect.poll(() => isOpen(listener.port)).toBe(false);
  let bytes = 0;
  for await (const part of socket) bytes += part.length;
  expect(bytes).toBeGreaterThan(length);
  await closed;
});
