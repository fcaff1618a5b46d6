import type { MemberEvent, MessageEvent } from '@parlour/protocol/events';
import { expect, test } from 'vitest';
import { arrangeLog, countNew, type LogRow } from './arrange-log.ts';

const ada = { id: 'u-ada', name: 'ada' };
const grace = { id: 'u-grace', name: 'grace' };
const reader = { me: ada, timeZone: 'UTC', readSeq: 0 };

const said = (seq: number, author: typeof ada, at: string): MessageEvent => ({
  room: 'lobby',
  seq,
  at: `2026-03-03T${at}:00Z`,
  event: 'message',
  id: `m${seq}`,
  author,
  body: `message ${seq}`,
  position: seq,
});
const joined = (seq: number, at: string): MemberEvent => ({
  room: 'lobby',
  seq,
  at: `2026-03-03T${at}:00Z`,
  event: 'member',
  change: 'joined',
  user: grace,
});

function sketch(rows: LogRow[]): string[] {
  return rows.map((row) => {
    if (row.kind === 'day') return row.isNew ? 'day new' : 'day';
    if (row.kind !== 'message') return row.kind;
    return `${row.starts ? row.author.name : '·'} ${row.own ? row.own.state : row.body.slice(8)}`;
  });
}

test('messages of one author within five minutes stand together', () => {
  const events = [said(1, ada, '09:00'), said(2, ada, '09:04'), said(3, ada, '09:05'), said(4, grace, '09:05')];
  expect(sketch(arrangeLog(events, [], reader))).toEqual(['day', 'ada 1', '· 2', 'ada 3', 'grace 4']);
});

test('a day is the reader’s day, and starts a new group', () => {
  const events = [said(1, ada, '22:59'), said(2, ada, '23:01')];
  expect(sketch(arrangeLog(events, [], reader))).toEqual(['day', 'ada 1', '· 2']);
  expect(sketch(arrangeLog(events, [], { ...reader, timeZone: 'Europe/Berlin' }))).toEqual([
    'day',
    'ada 1',
    'day',
    'ada 2',
  ]);
});

test('A3: what members do stands between the messages', () => {
  const events = [said(1, ada, '09:00'), joined(2, '09:01'), said(3, ada, '09:01')];
  expect(sketch(arrangeLog(events, [], reader))).toEqual(['day', 'ada 1', 'member', 'ada 3']);
});

test('a line stands before the first message of others that was not read', () => {
  const events = [said(1, grace, '09:00'), said(2, ada, '09:01'), said(3, grace, '09:02'), said(4, grace, '09:03')];
  expect(sketch(arrangeLog(events, [], { ...reader, readSeq: 1 }))).toEqual([
    'day',
    'grace 1',
    'ada 2',
    'new',
    'grace 3',
    '· 4',
  ]);
  expect(sketch(arrangeLog(events, [], { ...reader, readSeq: 4 }))).not.toContain('new');
});

test('where a new day begins with what is new, one line says both', () => {
  const events = [{ ...said(1, grace, '09:00'), at: '2026-03-02T09:00:00Z' }, said(2, grace, '09:01')];
  expect(sketch(arrangeLog(events, [], { ...reader, readSeq: 1 }))).toEqual(['day', 'grace 1', 'day new', 'grace 2']);
});

test('A10: what one writes oneself stands at the end, and keeps its key once it has arrived', () => {
  const own = { id: 'm2', body: 'message 2', at: '2026-03-03T09:01:00Z', state: 'waiting' as const };
  const before = arrangeLog([said(1, ada, '09:00')], [own], reader);
  const after = arrangeLog([said(1, ada, '09:00'), said(2, ada, '09:01')], [], reader);
  expect(sketch(before)).toEqual(['day', 'ada 1', '· waiting']);
  expect(before.at(-1)?.key).toBe(after.at(-1)?.key);
});

test('A6: only the messages of others count as new', () => {
  const events = [said(1, grace, '09:00'), said(2, ada, '09:01'), joined(3, '09:02'), said(4, grace, '09:02')];
  expect(countNew(events, 0, ada)).toBe(2);
  expect(countNew(events, 1, ada)).toBe(1);
  expect(countNew(events, 4, ada)).toBe(0);
});
