import type { MemberChange, MemberEvent } from '@parlour/protocol/events';
import { expect, test } from 'vitest';
import { findRemovals } from './find-removals.ts';

const change = (seq: number, name: string, change: MemberChange): MemberEvent => ({
  room: 'lobby',
  seq,
  at: '2026-03-03T09:00:00Z',
  event: 'member',
  change,
  user: { id: `u-${name}`, name },
});

test('a removal holds until its person is in again, and only the last one of a person counts', () => {
  const events = [change(1, 'grace', 'joined'), change(2, 'grace', 'removed'), change(3, 'linus', 'removed')];
  expect([...findRemovals(events)]).toEqual([2, 3]);
  const back = [...events, change(4, 'grace', 'added')];
  expect([...findRemovals(back)]).toEqual([3]);
  expect([...findRemovals([...back, change(5, 'grace', 'removed')])]).toEqual([5, 3]);
  expect([...findRemovals([change(6, 'linus', 'left')])]).toEqual([]);
});
