import { describe, expect, test } from 'vitest';
import { PresentPeople } from './present-people.ts';

const ann = { id: '1', name: 'Ann' };
const joanna = { id: '2', name: 'Joanna' };
const otherAnn = { id: '3', name: 'Ann' };

describe('PresentPeople', () => {
  test('fault 17, I8: goes by the person, so that nobody is doubled and only the one who left goes', () => {
    const present = new PresentPeople();
    present.replace([ann, joanna], 2);
    present.change({ type: 'presence', room: 'lobby', entered: [otherAnn, joanna], left: [], count: 3 });
    expect(present.list()).toEqual([ann, joanna, otherAnn]);
    present.change({ type: 'presence', room: 'lobby', entered: [], left: [ann.id], count: 2 });
    expect([present.list(), present.count]).toEqual([[joanna, otherAnn], 2]);
  });
});
