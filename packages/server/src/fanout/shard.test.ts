import { expect, test } from 'vitest';
import { newId } from '../ids.ts';
import { shardCount, shardOf } from './shard.ts';

test('a room has the same shard on every node, now and later', () => {
  // Published test vectors of FNV-1a: '' is 811c9dc5, 'a' e40c292c, 'foobar' bf9cf968.
  expect(['', 'a', 'foobar'].map(shardOf)).toEqual([0xc5, 0x2c, 0x68].map(String));
});

test('rooms spread over all shards', () => {
  const rooms = 256 * 40;
  const counts = new Map<string, number>();
  for (let i = 0; i < rooms; i += 1) {
    const shard = shardOf(newId());
    counts.set(shard, (counts.get(shard) ?? 0) + 1);
  }
  expect(counts.size).toBe(shardCount);
  // 40 each, with a deviation of 6.3: beyond 100 chance does not lead.
  expect(Math.max(...counts.values())).toBeLessThan(100);
});
