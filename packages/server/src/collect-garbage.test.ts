import { setImmediate } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { collectGarbage } from './collect-garbage.ts';

test('what nobody holds is gone, and nobody else can collect', async () => {
  const held = { name: 'ada' };
  const [kept, left] = [new WeakRef(held), new WeakRef({ name: 'grace' })];
  await setImmediate();
  collectGarbage();
  expect([kept.deref(), left.deref()]).toEqual([held, undefined]);
  expect(runInNewContext('typeof gc')).toBe('undefined');
});
