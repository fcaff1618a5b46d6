import { expect, test } from 'vitest';
import { makeEvent } from '../../test/fanout/make-event.ts';
import { isRoomEvent, isRoomMessage, readEnvelope, writeEnvelope } from './broker-envelope.ts';

const read = (text: string) => readEnvelope(Buffer.from(text));

test('what one node writes another reads', () => {
  const items = [makeEvent('lobby', 1, 'grüße "👋"\u2028'), makeEvent('lobby', 2)];
  const written = writeEnvelope(
    'north "1"',
    items.map((item) => JSON.stringify(item)),
  );
  expect(readEnvelope(written)).toEqual({ node: 'north "1"', items });
});

test('a version that is not known yet is left alone, whatever else it holds', () => {
  expect(read('{"v":1,"node":"n","items":[],"more":true}')).toEqual({ node: 'n', items: [] });
  expect(read('{"v":2,"node":"n","items":[]}')).toBe('its version is unknown');
  expect(read('{"v":2}')).toBe('its version is unknown');
});

test.each(['', 'garbage', 'null', '[]', '"v"', '{}', '{"v":"1","node":"n","items":[]}', '{"v":1,"items":[]}'])(
  'what is no envelope is left alone: %s',
  (text) => {
    expect(read(text)).toBe('it is malformed');
  },
);

test('what is far bigger than any node sends is not parsed', () => {
  expect(read(JSON.stringify({ v: 1, node: 'n', items: ['x'.repeat(1024 * 1024)] }))).toBe('it is too big');
});

test('an event has a room and a place in it', () => {
  expect(isRoomEvent(makeEvent('lobby', 1))).toBe(true);
  expect(isRoomEvent({ ...makeEvent('lobby', 1), event: 'not known yet' })).toBe(true);
  expect(isRoomEvent({ ...makeEvent('lobby', 1), event: 'member', user: { id: 'ada', name: 'Ada' } })).toBe(true);
  // Of the kinds that this version deals with itself, all that it needs must be there.
  for (const event of [{ event: 'member' }, { event: 'member', user: null }, { author: 'Ada' }, { body: undefined }])
    expect(isRoomEvent({ ...makeEvent('lobby', 1), ...event })).toBe(false);
  const odd = [null, 1, [], {}, ...[0, -1, 1.5, '1'].map((seq) => ({ ...makeEvent('lobby', 1), seq }))];
  expect(odd.filter(isRoomEvent)).toEqual([]);
  expect(isRoomMessage({ room: 'lobby', message: null })).toBe(true);
  expect([{ room: 'lobby' }, { room: 1, message: 1 }, null].filter(isRoomMessage)).toEqual([]);
});
