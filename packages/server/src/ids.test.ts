import { expect, test } from 'vitest';
import { newId } from './ids.ts';

test('an id is 16 characters that need no escaping, no two are alike, and no character is likelier', () => {
  const ids = Array.from({ length: 10_000 }, newId);
  expect(ids.filter((id) => !/^[a-z0-9]{16}$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
  const counts = new Map<string, number>();
  for (const character of ids.join('')) counts.set(character, (counts.get(character) ?? 0) + 1);
  const expected = (ids.length * 16) / 36;
  expect(counts.size).toBe(36);
  // Ten standard deviations.
  for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(10 * Math.sqrt(expected));
});
