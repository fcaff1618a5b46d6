import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FanoutRecorder, until } from '../../test/fanout/fanout-recorder.ts';
import { makeEvent } from '../../test/fanout/make-event.ts';
import { heldBytes } from '../../test/held-bytes.ts';
import { createLog } from '../log.ts';
import { RabbitmqFanout } from './rabbitmq-fanout.ts';

let fanout: RabbitmqFanout;
let server: Server | undefined;
let said = '';
beforeEach(() => {
  said = '';
});
const log = createLog((line) => {
  said += line;
});
afterEach(async () => {
  await fanout.close();
  server?.close();
});

async function listen(): Promise<number> {
  server = createServer((socket) => socket.on('error', () => undefined));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function reason(): string {
  return fanout.state.name === 'degraded' ? fanout.state.reason : '';
}

test('without a broker it starts degraded, says why without credentials, and serves its own node', async () => {
  const port = await listen();
  server?.close();
  fanout = new RabbitmqFanout({ url: `amqp://ada:p%40ssw0rd@127.0.0.1:${port}/house`, node: 'north', log });
  const listener = new FanoutRecorder();
  fanout.listen(listener);
  fanout.watch('lobby');
  expect(reason()).toBe(`The broker at 127.0.0.1:${port} has not answered yet.`);
  await until(() => reason().includes('ECONNREFUSED'));
  fanout.publish(makeEvent('lobby', 1));
  fanout.publishPresence('lobby', {});
  fanout.publishControl({});
  expect(listener.seqsOf('lobby')).toEqual([1]);
  expect(listener.reconnects).toBe(0);
  expect(said).toContain('ECONNREFUSED');
  expect(said + reason()).not.toMatch(/p(@|%40)ssw0rd|ada/);
});

test('publishing without a broker holds nothing', async () => {
  const port = await listen();
  server?.close();
  fanout = new RabbitmqFanout({ url: `amqp://127.0.0.1:${port}`, node: 'north', log });
  await until(() => reason().includes('ECONNREFUSED'));
  const body = 'x'.repeat(8_000);
  const before = heldBytes();
  for (let seq = 1; seq <= 20_000; seq += 1) fanout.publish(makeEvent('lobby', seq, body));
  // Of 160 MB.
  expect(heldBytes() - before).toBeLessThan(10_000_000);
});

test('what answers like no broker is told once and tried again, and stopping does not wait for it', async () => {
  const port = await listen();
  let tries = 0;
  server?.on('connection', (socket) => {
    tries += 1;
    socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  fanout = new RabbitmqFanout({ url: `amqp://127.0.0.1:${port}`, node: 'north', log });
  await until(() => tries >= 4);
  expect(said.trimEnd().split('\n')).toEqual([expect.stringContaining('what answers there does not speak AMQP 0-9-1')]);
});

test('what accepts and never answers is given up after three seconds', async () => {
  const port = await listen();
  fanout = new RabbitmqFanout({ url: `amqp://127.0.0.1:${port}`, node: 'north', log });
  await until(() => reason().includes('no answer within 3 seconds'));
  await once(server as Server, 'connection');
});

test('an address that is none is refused without repeating it', () => {
  expect(() => new RabbitmqFanout({ url: 'http://ada:p%40ssw0rd@host', node: 'north', log })).toThrow(
    /^The address of a broker begins with/,
  );
});
