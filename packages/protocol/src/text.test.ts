import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { findBodyFault, line, prose } from './text.ts';

const nothing = ['', ' \n\t', '\u200b\u200b', '\u2060', '\u3164', '\u2800', '\ufe0f', '\u00ad \ufeff'];
const name = line('The name', 60);

describe('texts', () => {
  test('P-SEND-4: a body that shows nothing is empty, whatever it is made of', () => {
    for (const body of ['x', '👩‍🚀', '❤️', 'ক্‍ষ', '\u0301', '\ud800x']) {
      expect([body, findBodyFault(body)]).not.toEqual([body, 'The text is empty.']);
    }
    for (const body of nothing) expect([body, findBodyFault(body)]).toEqual([body, 'The text is empty.']);
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
