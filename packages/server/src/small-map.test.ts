import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SmallMap } from './small-map.ts';

const [lobby, designers, attic] = [{ room: 'lobby' }, { room: 'designers' }, { room: 'attic' }];

test('has one entry, then several, then one again', () => {
  const map = new SmallMap<string, { room: string }>().set('lobby', lobby);
  expect([map.size, map.get('lobby'), map.get('designers'), [...map.values()]]).toEqual([1, lobby, undefined, [lobby]]);
  map.set('designers', designers).set('attic', attic);
  expect([map.size, [...map.values()]]).toEqual([3, [lobby, designers, attic]]);
  expect([map.delete('lobby'), map.delete('lobby'), map.delete('attic')]).toEqual([true, false, true]);
  expect([map.size, map.get('designers'), map.has('attic')]).toEqual([1, designers, false]);
  expect([map.delete('designers'), map.size, [...map.values()]]).toEqual([true, 0, []]);
});

test('a key’s value is replaced', () => {
  const map = new SmallMap<string, { room: string }>().set('a', lobby).set('a', attic);
  expect([map.size, map.get('a')]).toEqual([1, attic]);
});

test('is the same as a map after whatever is put in and taken out', () => {
  const change = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.option(fc.constantFrom(lobby, designers, attic)));
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const [small, real] = [new SmallMap<string, object>(), new Map<string, object>()];
      for (const [key, value] of changes) {
        if (value === null) expect(small.delete(key)).toBe(real.delete(key));
        else {
          small.set(key, value);
          real.set(key, value);
        }
        for (const each of ['a', 'b', 'c'])
          expect([small.has(each), small.get(each)]).toEqual([real.has(each), real.get(each)]);
        expect([small.size, [...small.values()]]).toEqual([real.size, [...real.values()]]);
      }
    }),
  );
});
