import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SmallSet } from './small-set.ts';

test('has one item, then several, then one again', () => {
  const set = new SmallSet<string>('ada');
  expect([set.size, [...set]]).toEqual([1, ['ada']]);
  set.add('grace').add('linus').add('ada');
  expect([set.size, [...set]]).toEqual([3, ['ada', 'grace', 'linus']]);
  expect([set.delete('ada'), set.delete('grace'), set.delete('grace')]).toEqual([true, true, false]);
  expect([set.size, [...set], set.has('linus'), set.has('ada')]).toEqual([1, ['linus'], true, false]);
  expect([set.delete('linus'), set.size, [...set]]).toEqual([true, 0, []]);
});

test('tells items apart as a set does, by identity', () => {
  const [ada, other] = [{ name: 'ada' }, { name: 'ada' }];
  const set = new SmallSet(ada);
  expect([set.has(ada), set.has(other), set.delete(other), set.size]).toEqual([true, false, false, 1]);
});

test('one may be taken out while all are gone through', () => {
  for (const items of [['ada'], ['ada', 'grace', 'linus']]) {
    const set = new SmallSet<string>();
    for (const item of items) set.add(item);
    const met: string[] = [];
    for (const item of set) {
      met.push(item);
      set.delete(item);
    }
    expect([met, set.size]).toEqual([items, 0]);
  }
});

test('is the same as a set after whatever is put in and taken out', () => {
  const change = fc.tuple(fc.boolean(), fc.constantFrom('ada', 'grace', 'linus'));
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const [small, real] = [new SmallSet<string>(), new Set<string>()];
      for (const [adds, item] of changes) {
        if (adds) {
          small.add(item);
          real.add(item);
        } else expect(small.delete(item)).toBe(real.delete(item));
        expect([small.size, [...small]]).toEqual([real.size, [...real]]);
      }
    }),
  );
});
