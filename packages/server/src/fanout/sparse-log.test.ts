import { expect, test } from 'vitest';
import { silentLog } from '../log.ts';
import { SparseLog } from './sparse-log.ts';

test('tells the first, the tenth and the hundredth', () => {
  const told: unknown[] = [];
  const log = new SparseLog({ ...silentLog, warn: (message, fields) => told.push([message, fields?.['times']]) });
  for (let i = 0; i < 500; i += 1) log.warn('dropped');
  log.warn('malformed');
  expect(told).toEqual([
    ['dropped', 1],
    ['dropped', 10],
    ['dropped', 100],
    ['malformed', 1],
  ]);
});
