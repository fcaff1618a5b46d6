import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Revocation, RevocationReader, type RevocationSource } from './revocation-reader.ts';

const grant = (number: number): Revocation => ({
  number,
  kind: 'grant',
  grantId: `g${number}`,
  user: 'ada',
  reason: 'x',
});

describe('the revocation reader', () => {
  const rows: Revocation[] = [];
  let answers: () => Promise<void>;
  let time: { monotonic: number; wall: number };
  let applied: number[];
  let dead: number;
  let fresh: number;
  let reader: RevocationReader;
  const log: RevocationSource = {
    readLast: async () => rows.at(-1)?.number ?? 0,
    readAfter: async (number) => {
      await answers();
      if (number > 0 && !rows.some((row) => row.number === number)) return undefined;
      return rows.filter((row) => row.number > number);
    },
  };

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    rows.length = 0;
    applied = [];
    dead = 0;
    fresh = 0;
    time = { monotonic: 0, wall: 1_000_000 };
    answers = async () => undefined;
    reader = new RevocationReader({
      log,
      apply: ({ number }) => applied.push(number),
      onFresh: () => {
        fresh += 1;
      },
      onDead: () => {
        dead += 1;
      },
      onError: () => undefined,
      time: { monotonic: () => time.monotonic, wall: () => time.wall },
    });
    await reader.start();
  });

  afterEach(async () => {
    await reader.stop();
    vi.useRealTimers();
  });

  const pass = async (ms: number) => {
    time.monotonic += ms;
    time.wall += ms;
    await vi.advanceTimersByTimeAsync(ms);
  };

  it('I7: begins anew where the log lacks what was read, as on a standby that had not got all of it, and keeps no socket', async () => {
    rows.push(grant(1), grant(2), grant(3));
    await pass(250);
    rows.splice(1);
    await pass(250);
    expect([dead, reader.isFresh]).toEqual([1, true]);
    rows.push(grant(2));
    await pass(250);
    expect(applied).toEqual([1, 2, 3, 2]);
    expect(dead).toBe(1);
  });

  it('applies each row once, in order, at every beat', async () => {
    rows.push(grant(1), grant(2));
    await pass(250);
    rows.push(grant(3));
    await pass(250);
    expect(applied).toEqual([1, 2, 3]);
    expect(reader.isFresh).toBe(true);
  });

  it('P-REVOKE-4: is stale when its last good reading began over a second ago, and fresh again after a good one', async () => {
    answers = () => Promise.reject(new Error('no database'));
    await pass(1_000);
    expect(reader.isFresh).toBe(true);
    await pass(1);
    expect(reader.isFresh).toBe(false);
    const before = fresh;
    answers = async () => undefined;
    await pass(250);
    expect(reader.isFresh).toBe(true);
    expect(fresh).toBeGreaterThan(before);
  });

  it('P-REVOKE-4: counts from when a reading began, so that a slow one vouches for nothing', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    answers = () => promise;
    await pass(250);
    await pass(1_100);
    answers = async () => undefined;
    resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(reader.isFresh).toBe(false);
  });

  it('P-REVOKE-4: goes by the wall clock where monotonic time stood still in a suspend, and gives up after five seconds', async () => {
    time.wall += 1_500;
    expect(reader.isFresh).toBe(false);
    expect(dead).toBe(0);
    time.wall += 4_000;
    answers = () => Promise.reject(new Error('no database'));
    await vi.advanceTimersByTimeAsync(250);
    expect(dead).toBe(1);
  });
});
