import { ParlourError } from '@parlour/protocol/errors';
import { beforeEach, expect, it } from 'vitest';
import { logBackgroundErrors } from './background-errors.ts';
import { createLog } from './log.ts';

let said: string[];
let now: number;
let onError: (error: unknown) => void;

beforeEach(() => {
  [said, now] = [[], 0];
  onError = logBackgroundErrors(
    createLog((line) => void said.push(line)),
    () => now,
  );
});

function outage(reason: string): ParlourError {
  return new ParlourError('storage_unavailable', 'Nothing can be stored.', { cause: new Error(reason) });
}

it('tells a failure of the database once a minute, and another one at once', () => {
  for (; now < 120_000; now += 150) onError(outage('connect ECONNREFUSED'));
  expect(said).toHaveLength(2);
  onError(outage('timeout expired'));
  expect(said).toHaveLength(3);
  expect(said.at(-1)).toContain('timeout expired');
});

it('tells everything else each time', () => {
  for (let i = 0; i < 3; i += 1) onError(new Error('a bug'));
  expect(said).toHaveLength(3);
});
