import { expect, test } from 'vitest';
import { Bundle } from './bundle.ts';

const [one, two, three] = ['one ', 'two ', 'three '].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer];

test('whoever is sent the same frames in the same order has the same bundle, joined once', () => {
  const empty = new Bundle();
  const [ada, grace] = [empty.add(one).add(two).add(three), empty.add(one).add(two).add(three)];
  expect(ada).toBe(grace);
  expect(ada.join().toString()).toBe('one two three ');
  expect(ada.join()).toBe(grace.join());
  expect(ada.bytes).toBe(14);
});

test('a frame that is alone is written as it is', () => {
  expect(new Bundle().add(one).join()).toBe(one);
});

test('other frames, or another order, make another bundle', () => {
  const empty = new Bundle();
  const common = empty.add(one);
  const [ada, grace] = [common.add(two), common.add(three)];
  expect([ada, grace, empty.add(two).add(one)].map((bundle) => bundle.join().toString())).toEqual([
    'one two ',
    'one three ',
    'two one ',
  ]);
  expect(common.join().toString()).toBe('one ');
});
