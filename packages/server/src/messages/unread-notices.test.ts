import { ParlourError } from '@parlour/protocol/errors';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { UnreadNotices } from './unread-notices.ts';

let isDown: boolean;
/** What each look at the database waits for, in their order. */
let waits: Promise<void>[];
let told: string[];
let errors: unknown[];
let notices: UnreadNotices;

beforeEach(() => {
  vi.useFakeTimers();
  [isDown, waits, told, errors] = [false, [], [], []];
  notices = new UnreadNotices({
    listAudience: () => ['ada', 'grace'],
    isOnlooker: () => true,
    listUnread: async (_room, users) => {
      if (isDown) throw new ParlourError('storage_unavailable', 'The database is down.');
      await waits.shift();
      return users.map((user) => ({ user, seq: 2, unread: 1, mentions: 0, readSeq: 1 }));
    },
    notify: (user, room) => void told.push(`${user} ${room}`),
    onError: (error) => void errors.push(error),
  });
});
afterEach(() => {
  notices.close();
  vi.useRealTimers();
});

it('P-SELF-1: what could not be looked up while the database was gone is told when it is back', async () => {
  isDown = true;
  notices.noticePerson('ada', 'designers');
  notices.noticeRoom('lobby');
  await vi.advanceTimersByTimeAsync(3_000);
  expect(told).toEqual([]);
  expect(errors.length).toBeGreaterThan(0);
  isDown = false;
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toEqual(['ada designers', 'ada lobby', 'grace lobby']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told).toHaveLength(3);
});

it('P-SELF-1: tells the state last that was looked up last, however long a look takes', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  waits.push(promise);
  notices.noticePerson('ada', 'lobby');
  await vi.advanceTimersByTimeAsync(500);
  notices.noticePerson('grace', 'lobby');
  await vi.advanceTimersByTimeAsync(2_000);
  expect(told).toEqual([]);
  resolve();
  await vi.advanceTimersByTimeAsync(500);
  expect(told).toEqual(['ada lobby', 'grace lobby']);
});

it('asks for nothing any more once it is closed', async () => {
  isDown = true;
  notices.noticeRoom('lobby');
  await vi.advanceTimersByTimeAsync(500);
  notices.close();
  notices.noticeRoom('lobby');
  isDown = false;
  await vi.advanceTimersByTimeAsync(3_000);
  expect(told).toEqual([]);
});
