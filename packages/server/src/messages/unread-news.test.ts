import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type ReadMark, UnreadNews } from './unread-news.ts';

let told: (string[] | ReadMark[])[];
let news: UnreadNews;
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  news = new UnreadNews({ tellMessages: (rooms) => told.push(rooms), tellMarks: (marks) => told.push(marks) });
});
afterEach(() => {
  vi.useRealTimers();
});

test('the first is told at once, and what follows goes together, each room and mark once', () => {
  news.messageIn('lobby');
  expect(told).toEqual([['lobby']]);
  for (const room of ['lobby', 'designers', 'lobby']) news.messageIn(room);
  news.marked('ada', 'lobby');
  news.marked('ada', 'lobby');
  news.marked('grace', 'lobby');
  expect(told).toHaveLength(1);
  vi.advanceTimersByTime(250);
  expect(told.slice(1)).toEqual([
    ['lobby', 'designers'],
    [
      ['ada', 'lobby'],
      ['grace', 'lobby'],
    ],
  ]);
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveLength(3);
  news.messageIn('lobby');
  expect(told[3]).toEqual(['lobby']);
});

test('a node that stops tells what it has still gathered', () => {
  news.messageIn('lobby');
  news.messageIn('designers');
  news.close();
  expect(told).toEqual([['lobby'], ['designers']]);
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveLength(2);
});

test('many rooms go in messages of a bounded size', () => {
  for (let i = 0; i <= 2_500; i += 1) news.messageIn(`room${i}`);
  vi.advanceTimersByTime(250);
  expect(told.map((rooms) => rooms.length)).toEqual([1, 1_000, 1_000, 500]);
});
