import { expect, test } from 'vitest';
import { encodeFrame } from '../../packages/server/src/sockets/shared-frame.ts';
import { encodeClientFrame, FrameReader } from './frame-reader.ts';

const short = ['', 'x'.repeat(80), 'y'.repeat(200)];
const long = [...short, 'z'.repeat(70_000), ''];

test.each([
  { size: 1, bodies: short },
  { size: 3, bodies: short },
  { size: 1_000, bodies: long },
  { size: 65_536, bodies: long },
  { size: 1_000_000, bodies: long },
])('finds every frame of a stream that arrives in pieces of $size bytes', ({ size, bodies }) => {
  const frames = bodies.map((body) => ({ type: 'ack', id: body, room: '', seq: 1, at: '' }) as const);
  const stream = Buffer.concat(frames.map(encodeFrame));
  const reader = new FrameReader();
  const found: unknown[] = [];
  for (let at = 0; at < stream.length; at += size) {
    const chunk = Buffer.from(stream.subarray(at, at + size));
    reader.read(chunk, chunk.length, (opcode, data, start, end) => {
      expect(opcode).toBe(1);
      found.push(JSON.parse(data.toString('utf8', start, end)));
    });
    chunk.fill(0);
  }
  expect(found).toEqual(frames);
});

test('what a client sends is masked', () => {
  const frame = encodeClientFrame('hello');
  expect((frame[1] ?? 0) & 0x80).toBe(0x80);
  expect(frame.subarray(-5).toString()).toBe('hello');
  expect(encodeClientFrame('x'.repeat(200)).length).toBe(4 + 4 + 200);
});
