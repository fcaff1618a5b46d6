import { expect, test } from 'vitest';
import { findMentioned, findMentionQuery } from './find-mention-query.ts';

const at = (marked: string) => findMentionQuery(marked.replace('|', ''), marked.indexOf('|'));

test('an @ at the beginning of a word asks for a name, up to the caret', () => {
  expect(at('@|')).toEqual({ start: 0, query: '' });
  expect(at('Hello @gra|ce')).toEqual({ start: 6, query: 'gra' });
  expect(at('Hello\n(@ada-l|')).toEqual({ start: 7, query: 'ada-l' });
});

test('an address, a word behind the caret and a finished name ask for nothing', () => {
  for (const text of ['ada@exa|mple.org', '|@ada', '@ada |', 'nothing|', '@@|']) expect(at(text), text).toBeUndefined();
});

test('people are found by the beginning of any of their names', () => {
  const people = ['Ada Lovelace', 'Grace Hopper', 'Tomás Ibarra', 'Hedy'].map((name) => ({ id: name, name }));
  const names = (query: string) => findMentioned(people, query).map(({ name }) => name);
  expect(names('')).toEqual(people.map(({ name }) => name));
  expect(names('h')).toEqual(['Grace Hopper', 'Hedy']);
  expect(names('Ada-L')).toEqual(['Ada Lovelace']);
  expect(names('tomás')).toEqual(['Tomás Ibarra']);
  expect(names('x')).toEqual([]);
});
