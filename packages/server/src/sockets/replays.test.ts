import type { RoomEvent } from '@parlour/protocol/events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeEvent } from '../../test/fanout/make-event.ts';
import { type PageRequest, Replays } from './replays.ts';

const says = (seq: number, body: string) => makeEvent('lobby', seq, body);

/** A room with a message for each seq up to its head, and a note of what was asked of it. */
class House {
  head = 4;
  body = 'Hello';
  readonly members = new Set(['ada', 'grace']);
  readonly asked: string[] = [];
  meanwhile = async () => {};

  async readPage(room: string, after: number, size: number): Promise<RoomEvent[]> {
    this.asked.push(`page ${room} ${after}`);
    const seqs = Array.from({ length: Math.max(0, Math.min(size, this.head - after)) }, (_, i) => after + 1 + i);
    const page = seqs.map((seq) => says(seq, this.body));
    await this.meanwhile();
    return page;
  }

  async isMember(_room: string, user: string): Promise<boolean> {
    this.asked.push(`member ${user}`);
    return this.members.has(user);
  }

  get pages(): number {
    return this.asked.filter((what) => what.startsWith('page')).length;
  }
}

let house: House;
let now: number;
let replays: Replays;
beforeEach(() => {
  house = new House();
  now = 1_000;
  replays = new Replays(house, () => now);
});
afterEach(() => {
  vi.useRealTimers();
});

const read = (request: Partial<PageRequest> = {}) =>
  replays.read({ room: 'lobby', user: 'ada', after: 0, size: 3, head: house.head, ...request });
const seqs = async (request?: Partial<PageRequest>) => (await read(request))?.map(({ seq }) => seq);
const frames = async (request?: Partial<PageRequest>) => (await read(request))?.map(({ frame }) => frame);

describe('what people missed (I4)', () => {
  it('is read and encoded once for all who ask for it, at the same time or within a second', async () => {
    const [first, second] = await Promise.all([frames(), frames({ user: 'grace' })]);
    now += 999;
    const third = await frames();
    expect(house.pages).toBe(1);
    expect(first).toHaveLength(3);
    for (const [at, frame] of first?.entries() ?? []) {
      expect(second?.[at]).toBe(frame);
      expect(third?.[at]).toBe(frame);
    }
    now += 1;
    await read();
    expect(house.pages).toBe(2);
  });

  it('is another page for another room, another beginning and another length', async () => {
    expect(await seqs()).toEqual([1, 2, 3]);
    expect(await seqs({ after: 1 })).toEqual([2, 3, 4]);
    expect(await seqs({ size: 2 })).toEqual([1, 2]);
    await read({ room: 'attic' });
    expect(house.asked.filter((what) => what.startsWith('page'))).toEqual([
      'page lobby 0',
      'page lobby 1',
      'page lobby 0',
      'page attic 0',
    ]);
  });

  it('is looked up again by those who know of more than a page has that is not full', async () => {
    expect(await seqs({ after: 3 })).toEqual([4]);
    house.head = 5;
    expect(await seqs({ after: 3, head: 4 })).toEqual([4]);
    expect(await seqs({ after: 3, head: 5 })).toEqual([4, 5]);
    expect(await seqs({ after: 5 })).toEqual([]);
    house.head = 6;
    expect(await seqs({ after: 5 })).toEqual([6]);
    expect(await seqs({ after: 0, size: 3 })).toEqual([1, 2, 3]);
    house.head = 7;
    expect(await seqs({ after: 0, size: 3 })).toEqual([1, 2, 3]);
    expect(house.pages).toBe(5);
  });

  it('shows nothing stale once it was said that something changed, not even where that was read just then', async () => {
    const before = await frames();
    let change = () => {};
    house.meanwhile = () => new Promise<void>((resolve) => (change = resolve));
    const underWay = read({ after: 1 });
    house.body = 'Goodbye';
    replays.forget();
    change();
    await underWay;
    house.meanwhile = async () => {};
    expect(await frames()).not.toEqual(before);
    expect((await frames({ after: 1 }))?.every((frame) => frame.includes('Goodbye'))).toBe(true);
    expect(house.pages).toBe(4);
  });

  it('is asked for anew where the database could not tell', async () => {
    house.meanwhile = () => Promise.reject(new Error('the disk is away'));
    await expect(read()).rejects.toThrow('the disk is away');
    house.meanwhile = async () => {};
    expect(await seqs()).toEqual([1, 2, 3]);
  });
});

describe('whose it is (I5)', () => {
  it('is looked up for each of them, after the page was read, also where others have just been given it', async () => {
    expect(await seqs()).toEqual([1, 2, 3]);
    expect(await seqs({ user: 'linus' })).toBeUndefined();
    house.members.delete('ada');
    expect(await seqs()).toBeUndefined();
    expect(await seqs({ user: 'grace' })).toEqual([1, 2, 3]);
    expect(house.asked).toEqual(['page lobby 0', 'member ada', 'member linus', 'member ada', 'member grace']);
  });

  it('is not theirs whose membership ends while the page is read', async () => {
    house.meanwhile = async () => void house.members.delete('ada');
    expect(await seqs()).toBeUndefined();
    expect(await seqs({ user: 'grace' })).toEqual([1, 2, 3]);
  });
});

describe('what is kept (I9)', () => {
  it('is at most 16 MiB, and the oldest goes', async () => {
    house.head = 10_000;
    house.body = 'x'.repeat(8_000);
    for (let after = 0; after < 5_000; after += 50) {
      await read({ after, size: 50 });
      expect(replays.bytes).toBeLessThanOrEqual(16 * 1024 * 1024);
    }
    expect(replays.bytes).toBeGreaterThan(15 * 1024 * 1024);
    const before = house.pages;
    await read({ after: 4_950, size: 50 });
    expect(house.pages).toBe(before);
    await read({ after: 0, size: 50 });
    expect(house.pages).toBe(before + 1);
  });

  it('is nothing before long, where nobody asks any more', async () => {
    vi.useFakeTimers();
    await read();
    await read({ after: 4 });
    expect(replays.bytes).toBeGreaterThan(0);
    now += 1_000;
    vi.advanceTimersByTime(1_000);
    expect(replays.bytes).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

it('I10: lets 32 pages be under way at a time, and the others in the order in which they came', async () => {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const all = Array.from({ length: 100 }, (_, i) =>
    replays.inTurn(async () => {
      begun.push(i);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (i % 10 === 0) throw new Error('gone');
    }),
  );
  const settled = Promise.allSettled(all);
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
  await expect.poll(() => begun).toEqual(numbers(32));
  for (let ended = 0; ended < 100; ended += 1) {
    ends[ended]?.();
    await expect.poll(() => begun).toEqual(numbers(Math.min(100, 33 + ended)));
  }
  expect((await settled).filter(({ status }) => status === 'rejected')).toHaveLength(10);
  await expect(replays.inTurn(async () => 'next')).resolves.toBe('next');
});
