import { describe, expect, it } from 'vitest';
import { findMentions, handleOf, splitMentions } from './mentions.ts';

describe('mentions', () => {
  it('makes a handle of any name', () => {
    expect(['Ada Lovelace', '  Jean-Luc  P. ', 'Ægir Þór', '山田 太郎', 'a@b'].map(handleOf)).toEqual([
      'ada-lovelace',
      'jean-luc-p',
      'ægir-þór',
      '山田-太郎',
      'a-b',
    ]);
  });

  it('finds each handle once, whatever its case, and none in an address', () => {
    expect(findMentions('@Ada-Lovelace, ask @grace. (@ada-lovelace) not ada@example.org nor @@grace2 nor @')).toEqual([
      'ada-lovelace',
      'grace',
    ]);
    expect(findMentions('no one')).toEqual([]);
  });

  it('splits a text without losing any of it', () => {
    const body = 'Hi @ada, see you.';
    expect(splitMentions(body)).toEqual([{ text: 'Hi ' }, { text: '@ada', handle: 'ada' }, { text: ', see you.' }]);
    expect(
      splitMentions(body)
        .map(({ text }) => text)
        .join(''),
    ).toBe(body);
  });
});
