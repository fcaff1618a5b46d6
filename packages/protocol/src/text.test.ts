import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { findBodyFault, hasAtMost, line, prose } from './text.ts';

const nothing = ['', ' \n\t', '\u200b\u200b', '\u2060', '\u3164', '\u2800', '\ufe0f', '\u00ad \ufeff'];
const name = line('The name', 60);

describe('texts', () => {
  test('P-SEND-4: a body that shows nothing is empty, whatever it is made of', () => {
    for (const body of ['x', '👩‍🚀', '❤️', 'ক্‍ষ', '\u0301', '\ud800x']) {
      expect([body, findBodyFault(body)]).not.toEqual([body, 'The text is empty.']);
    }
    for (const body of nothing) expect([body, findBodyFault(body)]).toEqual([body, 'The text is empty.']);
  });

  test('characters are counted whatever their encoding, and not at all in a text that is far too long', () => {
    for (const one of ['a', '😀', '\ud800', 'é']) {
      expect([one, hasAtMost(one.repeat(60), 60), hasAtMost(one.repeat(61), 60)]).toEqual([one, true, false]);
    }
    expect(hasAtMost('', 0)).toBe(true);
    const huge = '😀'.repeat(5_000_000);
    // Of this thread alone, whatever the machine does besides.
    const before = process.threadCpuUsage();
    for (let i = 0; i < 100; i += 1) expect(hasAtMost(huge, 60)).toBe(false);
    const { user, system } = process.threadCpuUsage(before);
    expect((user + system) / 1_000).toBeLessThan(500);
  });

  test('a name shows something', () => {
    for (const text of ['Ada', '👩‍🚀', 'ශ්‍රී', 'María-José']) expect([text, v.is(name, text)]).toEqual([text, true]);
    for (const text of nothing) expect([text, v.is(name, text)]).toEqual([text, false]);
    for (const text of nothing) expect([text, v.is(prose('The text', 60), text)]).toEqual([text, false]);
  });

  test('a name is not made to look like another by what cannot be seen', () => {
    for (const text of ['Ada\u200d', '\u200dAda', 'A\u200dda', 'Ada\u200b', '\u202eadA']) {
      expect([text, v.is(name, text)]).toEqual([text, false]);
    }
  });
});
