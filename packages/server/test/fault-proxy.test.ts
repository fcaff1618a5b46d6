import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FaultProxy } from './fault-proxy.ts';

let echo: Server;
let proxy: FaultProxy;
let client: Socket;
let heard: string;
beforeEach(async () => {
  echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await FaultProxy.open((echo.address() as AddressInfo).port);
  client = open();
  heard = '';
  client.on('data', (chunk) => {
    heard += chunk;
  });
  await say('hello ');
});
afterEach(() => {
  client.destroy();
  proxy.close();
  echo.close();
});

function open(): Socket {
  return connect({ port: proxy.port, host: '127.0.0.1' }).setEncoding('utf8');
}

async function say(word: string): Promise<void> {
  const arrives = once(client, 'data');
  client.write(word);
  await arrives;
}

function failureOf(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('error', resolve));
}

test('passes what is said, both ways', () => {
  expect(heard).toBe('hello ');
});

test('drops: connections stay open and nothing arrives, until it passes again', async () => {
  proxy.drop();
  client.write('is anybody there? ');
  const late = open();
  await once(late, 'connect');
  late.write('and here?');
  await delay(100);
  expect(heard).toBe('hello ');
  const [arrives, arrivesLate] = [once(client, 'data'), once(late, 'data')];
  await proxy.pass();
  await Promise.all([arrives, arrivesLate]);
  expect(heard).toBe('hello is anybody there? ');
  late.destroy();
});

test('delays each direction', async () => {
  proxy.delay(100);
  const from = performance.now();
  await say('slow');
  expect(performance.now() - from).toBeGreaterThan(195);
});

test('refuses who comes, and leaves who is there', async () => {
  const { port } = proxy;
  proxy.refuse();
  expect(await failureOf(connect({ port, host: '127.0.0.1' }))).toMatchObject({ code: 'ECONNREFUSED' });
  await say('still here');
  await proxy.pass();
  expect(proxy.port).toBe(port);
  const next = open();
  await once(next, 'connect');
  next.destroy();
});

test('resets whoever is there', async () => {
  const failure = failureOf(client);
  proxy.reset();
  expect(await failure).toMatchObject({ code: 'ECONNRESET' });
});
