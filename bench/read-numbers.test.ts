import { expect, test } from 'vitest';
import { readNumbers } from './read-numbers.ts';
import { UsageError } from './usage-error.ts';

const read = (...args: string[]) => readNumbers(args, { rounds: 7, seconds: 1 });

test('numbers have defaults, and only a time has a fraction', () => {
  expect(read()).toEqual({ rounds: 7, seconds: 1 });
  expect(read('--rounds', '3', '--seconds', '0.5')).toEqual({ rounds: 3, seconds: 0.5 });
});

test('what measures nothing, or never ends, is refused in words', () => {
  for (const rounds of ['0', '-1', '1.5', 'x', '', 'Infinity']) {
    expect(() => read(`--rounds=${rounds}`)).toThrow(`--rounds takes a whole number above zero, not “${rounds}”.`);
  }
  expect(() => read('--seconds', 'Infinity')).toThrow('--seconds takes a number above zero');
  for (const args of [['--rounds'], ['--ruonds', '3'], ['rooms']]) expect(() => read(...args)).toThrow(UsageError);
});
