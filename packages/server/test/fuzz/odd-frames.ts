import fc from 'fast-check';
import { deepJson } from '../deep-json.ts';
import { damaged, oddValue, spoilt } from './odd-values.ts';

export type FrameInput = { kind: 'frames'; isAuthenticated: boolean; frames: Buffer[] };

/** What a well-formed frame of this house names. */
export type FrameWords = { room: string; other: string; token: string };

const seq = fc.oneof(fc.nat(50), fc.constant(Number.MAX_SAFE_INTEGER));
const id = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abcXYZ019_-'), minLength: 1, maxLength: 64 }),
  fc.nat(20).map((number) => `again-${number}`),
);
const body = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('Hello', '@mallory', '\0', '\ud800'),
);
function commands({ room: own, other, token }: FrameWords): fc.Arbitrary<unknown> {
  const room = fc.constantFrom(own, own, other, 'no-such-room');
  return fc.oneof(
    fc.record({ type: fc.constant('send'), id, room, body }),
    fc.record({ type: fc.constant('send'), id, room, body, data: fc.jsonValue() }),
    fc.record({ type: fc.constant('join'), room, after: seq }),
    fc.record({ type: fc.constantFrom('join', 'leave', 'typing'), room }),
    fc.record({ type: fc.constant('read'), room, seq }),
    fc.record({ type: fc.constant('authenticate'), token: fc.constantFrom(token, token, 'x.y.z') }),
  );
}

const deepData = `{"type":"send","id":"deep","room":"deep","body":"Deep","data":${deepJson(9_000)}}`;

function frames(words: FrameWords): fc.Arbitrary<Buffer> {
  const command = commands(words);
  const text = fc.oneof(
    { weight: 5, arbitrary: command.map((value) => JSON.stringify(value)) },
    { weight: 4, arbitrary: spoilt(command).map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: oddValue.map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.constantFrom('['.repeat(20_000), '{"a":'.repeat(9_000), '', 'null', deepData) },
  );
  const whole = fc.oneof(
    { weight: 9, arbitrary: text.map((content) => Buffer.from(content)) },
    { weight: 3, arbitrary: damaged(text.map((content) => Buffer.from(content))) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  );
  const control = fc.uint8Array({ maxLength: 130 }).map((bytes) => Buffer.from(bytes));
  return fc.oneof(
    { weight: 20, arbitrary: whole.map((content) => encode(0x81, content)) },
    { weight: 3, arbitrary: fc.tuple(whole, fc.integer({ min: 2, max: 5 })).map(([content, n]) => split(content, n)) },
    { weight: 2, arbitrary: fc.tuple(fc.nat(255), whole).map(([first, content]) => encode(first, content)) },
    { weight: 2, arbitrary: damaged(whole.map((content) => encode(0x81, content))) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(65_536, 65_537, 70_000).map((size) => encode(0x81, Buffer.alloc(size, '{'))),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(0x88, 0x89, 0x8a), control).map(([first, content]) => encode(first, content)),
    },
  );
}

/** One connection and what is written to it. */
export function frameInput(words: FrameWords): fc.Arbitrary<FrameInput> {
  return fc.record({
    kind: fc.constant('frames' as const),
    isAuthenticated: fc.nat(9).map((number) => number > 0),
    frames: fc.array(frames(words), { minLength: 8, maxLength: 12 }),
  });
}

/** A frame as a client sends it, masked with zeros; `first` is its first byte. */
export function encode(first: number, content: Buffer): Buffer {
  const { length } = content;
  const head =
    length < 126 ? [0x80 | length] : length < 65_536 ? [0xfe, length >> 8, length & 255] : [0xff, 0, 0, 0, 0];
  const rest = Buffer.alloc(length < 65_536 ? 0 : 4);
  if (length >= 65_536) rest.writeUInt32BE(length);
  return Buffer.concat([Buffer.from([first, ...head]), rest, Buffer.alloc(4), content]);
}

function split(whole: Buffer, count: number): Buffer {
  const size = Math.ceil(whole.length / count);
  const parts = Array.from({ length: count }, (_, i) => whole.subarray(i * size, (i + 1) * size));
  return Buffer.concat(parts.map((part, i) => encode((i === count - 1 ? 0x80 : 0) | (i === 0 ? 1 : 0), part)));
}
