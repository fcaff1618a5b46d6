import { expect, test } from 'vitest';
import { formatLoadShare, noteLoadLimit } from './load-share.ts';

test('what is shown as the limit is what the note is about', () => {
  expect([0.894, 0.897, 1].map(formatLoadShare)).toEqual(['89 %', '90 %, the limit', '100 %, the limit']);
  expect([[0.894], [0.2, 0.897]].map((shares) => noteLoadLimit(shares).length)).toEqual([0, 1]);
});
