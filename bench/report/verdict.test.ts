import { expect, test } from 'vitest';
import { formatFigure, formatVerdict, isMet, isRegression, type Verdict } from './verdict.ts';

const most: Verdict = { what: 'CPU', bound: 'at most', target: 0.5, measured: 0.5 };
const least: Verdict = { what: 'sends', bound: 'at least', target: 0.8, measured: 0.8 };

test('a target is met by what it names, and missed by anything worse', () => {
  expect([most, { ...most, measured: 0.1 }, least, { ...least, measured: 2 }].every(isMet)).toBe(true);
  expect(
    [
      { ...most, measured: 0.51 },
      { ...least, measured: 0.79 },
    ].some(isMet),
  ).toBe(false);
  expect(isMet({ ...most, measured: Number.NaN })).toBe(false);
});

test('a ratio is a regression from fifteen per cent beyond its target on, in either direction', () => {
  expect(isRegression({ ...most, measured: 0.57 })).toBe(false);
  expect(isRegression({ ...most, measured: 0.58 })).toBe(true);
  expect(isRegression({ ...least, measured: 0.7 })).toBe(false);
  expect(isRegression({ ...least, measured: 0.69 })).toBe(true);
  expect(isRegression({ ...most, measured: Number.NaN })).toBe(true);
});

test('a figure with a unit is the machine’s, and never a regression', () => {
  const slow: Verdict = { what: 'loop delay', bound: 'at most', target: 20, measured: 400, unit: 'ms' };
  expect(isRegression(slow)).toBe(false);
  expect(formatVerdict(slow)).toEqual(['loop delay', 'at most 20 ms', '400 ms', 'MISSED']);
});

test('what could not be had is neither met nor missed, and does not fail the guard', () => {
  const absent: Verdict = { ...most, measured: undefined };
  expect([isMet(absent), isRegression(absent)]).toEqual([false, false]);
  expect(formatVerdict(absent)).toEqual(['CPU', 'at most 0.5', 'not measured', '–']);
});

test('a median stands with its lowest and its highest round', () => {
  const rounds = [0.4, 0.5, 1.23456];
  expect(formatVerdict({ ...most, rounds })).toEqual(['CPU', 'at most 0.5', '0.5 (0.4–1.23)', 'met']);
  expect(formatVerdict({ ...most, rounds: [0.5] })[2]).toBe('0.5');
});

test('figures show three digits that count, and what is none is a dash', () => {
  expect([0.123, 1.5, 12.34, 1234.5, 20, Number.NaN].map(formatFigure)).toEqual([
    '0.123',
    '1.5',
    '12.3',
    '1,235',
    '20',
    '–',
  ]);
});
