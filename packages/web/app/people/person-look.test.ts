import { expect, test } from 'vitest';
import { findInitials, findTint } from './person-look.ts';

test('fault 17: a person’s colour hangs on their id, not on their name', () => {
  expect(findTint('u-ada')).toBe(findTint('u-ada'));
  const tints = new Set(Array.from({ length: 200 }, (_, index) => findTint(`person-${index}`)));
  expect(tints.size).toBe(12);
});

test('initials are letters of the first and the last name, whatever their script', () => {
  const names = ['Ada Lovelace', 'ada', 'Tomás de la Ibarra', '  jean-luc  ', '山田 太郎', '😀', ''];
  expect(names.map(findInitials)).toEqual(['AL', 'A', 'TI', 'JL', '山太', '😀', '']);
});
