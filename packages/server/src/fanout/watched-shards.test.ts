import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { shardOf } from './shard.ts';
import { WatchedShards } from './watched-shards.ts';

let done: string[];
let shards: WatchedShards;
const [lobby, designers] = ['lobby', 'designers'].map(shardOf);
beforeEach(() => {
  vi.useFakeTimers();
  done = [];
  shards = new WatchedShards({
    bind: (shard) => done.push(`bind ${shard}`),
    unbind: (shard) => done.push(`unbind ${shard}`),
    linger: 1_000,
  });
});
afterEach(() => {
  shards.close();
  vi.useRealTimers();
});

test('a shard is bound with its first watcher and unbound some time after its last', () => {
  shards.watch('lobby');
  shards.watch('lobby');
  shards.watch('designers');
  expect(done).toEqual([`bind ${lobby}`, `bind ${designers}`]);
  shards.unwatch('lobby');
  vi.advanceTimersByTime(2_000);
  expect(shards.watches('lobby')).toBe(true);
  shards.unwatch('lobby');
  expect(shards.watches('lobby')).toBe(false);
  vi.advanceTimersByTime(999);
  expect(done).toHaveLength(2);
  vi.advanceTimersByTime(1);
  expect(done.slice(2)).toEqual([`unbind ${lobby}`]);
  expect(shards.list()).toEqual([designers]);
});

test('who comes back in time finds it bound', () => {
  shards.watch('lobby');
  shards.unwatch('lobby');
  expect(shards.list()).toEqual([lobby]);
  shards.watch('lobby');
  vi.advanceTimersByTime(2_000);
  expect(done).toEqual([`bind ${lobby}`]);
});

test('rooms that share a shard share its binding, and are still told apart', () => {
  const twin = Array.from({ length: 10_000 }, (_, i) => `room${i}`).find((room) => shardOf(room) === lobby) ?? '';
  shards.watch('lobby');
  shards.watch(twin);
  shards.unwatch('lobby');
  vi.advanceTimersByTime(2_000);
  expect(done).toEqual([`bind ${lobby}`]);
  expect([shards.watches('lobby'), shards.watches(twin)]).toEqual([false, true]);
  expect(shards.listRooms(lobby ?? '')).toEqual([twin]);
});

test('to stop watching what is not watched takes nothing from others', () => {
  shards.unwatch('lobby');
  shards.watch('lobby');
  shards.unwatch('designers');
  vi.advanceTimersByTime(2_000);
  expect(done).toEqual([`bind ${lobby}`]);
});
