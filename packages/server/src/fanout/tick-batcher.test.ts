import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TickBatcher } from './tick-batcher.ts';

let sent: [string, readonly string[]][];
let batcher: TickBatcher;
beforeEach(() => {
  sent = [];
  batcher = new TickBatcher({ send: (key, items) => sent.push([key, items]), portion: 10, tick: 25 });
});

afterEach(() => batcher.flush());

test('what is added in one tick goes out together, for each key in order', async () => {
  batcher.add('7', 'a');
  batcher.add('9', 'b');
  batcher.add('7', 'c');
  expect(sent).toEqual([]);
  await setImmediate();
  expect(sent).toEqual([
    ['7', ['a', 'c']],
    ['9', ['b']],
  ]);
  batcher.add('7', 'd');
  await setImmediate();
  expect(sent.slice(2)).toEqual([['7', ['d']]]);
});

test('a portion ends where the next item would not fit, and order stays', async () => {
  for (const item of ['aaaa', 'bbbb', 'cc', 'ääää']) expect(batcher.add('7', item)).toBe(true);
  await setImmediate();
  expect(sent.map(([, items]) => items)).toEqual([['aaaa', 'bbbb'], ['cc'], ['ääää']]);
});

test('what is too big for a portion or for the tick is not taken', async () => {
  expect(batcher.add('7', 'a'.repeat(10))).toBe(false);
  expect(batcher.add('7', 'a'.repeat(9))).toBe(true);
  expect(batcher.add('8', 'a'.repeat(9))).toBe(true);
  expect(batcher.add('9', 'a'.repeat(9))).toBe(false);
  await setImmediate();
  expect(batcher.add('9', 'a'.repeat(9))).toBe(true);
});

test('what is flushed goes out at once, and not again', async () => {
  batcher.add('7', 'a');
  batcher.flush();
  expect(sent).toEqual([['7', ['a']]]);
  await setImmediate();
  expect(sent).toHaveLength(1);
});
