import { expect, test } from 'vitest';
import { formatDay, formatMoment, formatTime, isTimeZone } from './format-time.ts';

const at = Date.parse('2026-03-03T23:05:00Z');

test('times are those of the reader’s time zone', () => {
  expect(formatTime(at, 'UTC')).toBe('23:05');
  expect(formatTime(at, 'Europe/Berlin')).toBe('0:05');
  expect(formatTime(Date.parse('2026-03-03T09:33:00Z'), 'UTC')).toBe('9:33');
  expect(formatMoment(at, 'UTC')).toBe('Tuesday 3 March 2026 at 23:05');
});

test('days are named as people name them', () => {
  const hour = 60 * 60 * 1000;
  expect(formatDay(at, at, 'UTC')).toBe('Today');
  expect(formatDay(at, at + hour, 'UTC')).toBe('Yesterday');
  expect(formatDay(at, at + hour, 'Europe/Berlin')).toBe('Today');
  expect(formatDay(at, at + 72 * hour, 'UTC')).toBe('Tuesday 3 March');
  expect(formatDay(at, Date.parse('2027-01-01T00:00:00Z'), 'UTC')).toBe('3 March 2026');
});

test('clocks change when they are changed', () => {
  expect(formatTime(Date.parse('2026-03-29T00:59:00Z'), 'Europe/Berlin')).toBe('1:59');
  expect(formatTime(Date.parse('2026-03-29T01:00:00Z'), 'Europe/Berlin')).toBe('3:00');
  expect(formatTime(Date.parse('2026-06-01T12:00:00Z'), 'Asia/Kathmandu')).toBe('17:45');
  expect(formatTime(Date.parse('2026-06-01T12:00:59.999Z'), 'America/St_Johns')).toBe('9:30');
});

test('a time zone from outside is not trusted', () => {
  expect(isTimeZone('Europe/Berlin')).toBe(true);
  for (const wrong of ['', 'Nowhere/Land', undefined, 7, '<b>']) expect(isTimeZone(wrong)).toBe(false);
});
