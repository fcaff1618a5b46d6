import { expect, test } from 'vitest';
import { nats } from './nats-dialect.ts';
import { Tally } from './tally.ts';

test('a message is complete when the last of its readers has it, whatever came between', () => {
  const complete: number[] = [];
  const tally = new Tally((number) => complete.push(number));
  const [first, second] = [tally.write(2), tally.write(2)].map((body) => Buffer.from(`{"seq":12,"body":"${body}"}`));
  if (first === undefined || second === undefined) throw new Error('two were written');
  for (const data of [second, first, second]) tally.receive(data, 0);
  expect(complete).toEqual([1]);
  expect(tally.isComplete).toBe(false);
  tally.receive(first, 0);
  expect(complete).toEqual([1, 0]);
  expect(tally).toMatchObject({ isComplete: true, messages: 2 });
  expect(tally.latencies).toHaveLength(2);
  expect(() => tally.receive(first, 0)).toThrow('came twice');
});

test('a body is found wherever it begins', () => {
  const tally = new Tally();
  for (const head of ['', 'MSG room.0 1 200\r\n', '{"seq":1,"body":"']) {
    tally.receive(Buffer.from(`__${head}${tally.write(1)}`), 2);
  }
  expect(tally.latencies).toHaveLength(3);
});

test('a frame of NATS holds several messages', () => {
  const tally = new Tally();
  const [one, two] = [tally.write(1), tally.write(1)];
  const frame = Buffer.from(`MSG room.0 1 200\r\n${one}\r\nPING\r\nMSG room.17 12 200\r\n${two}\r\n`);
  const found: string[] = [];
  nats.split?.(frame, 0, frame.length, (data, start, end) => {
    found.push(data.toString('latin1', start, end));
    if (nats.isMessage(data, start, end)) tally.receive(data, start);
  });
  expect(found.map((part) => part.split('\r\n')[0])).toEqual(['MSG room.0 1 200', 'PING', 'MSG room.17 12 200']);
  expect(tally.isComplete).toBe(true);
});
