import { expect, test } from 'vitest';
import { createLog } from '../log.ts';
import { NotYetError, StartError } from '../start-error.ts';
import { keepTrying } from './keep-trying.ts';
import { SqlError, storageUnavailable } from './storage-error.ts';

const quickly = { first: 1, most: 1 };

/** Runs a task that fails like this, one time after another, and then succeeds. */
async function tryThrough(failures: Error[]) {
  const lines: string[] = [];
  const reasons: string[] = [];
  const log = createLog((line) => lines.push(line));
  const task = async () => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    return 'done';
  };
  const result = await keepTrying(task, { log, onWait: (reason) => reasons.push(reason), pauses: quickly });
  return { result, reasons, messages: lines.map((line) => JSON.parse(line).message) };
}

test('tries again what may pass, and tells each reason once', async () => {
  const away = () => storageUnavailable(new SqlError({ message: 'connect ECONNREFUSED' }));
  const { result, reasons, messages } = await tryThrough([away(), away(), away(), new NotYetError('It is in use.')]);
  expect(result).toBe('done');
  expect(reasons).toHaveLength(4);
  expect(messages).toEqual([
    'The database cannot be used yet: connect ECONNREFUSED. It is tried again until it can.',
    'It is in use. It is tried again until it can.',
    'The database is there',
  ]);
});

test('says nothing where all goes well, and leaves alone what does not pass', async () => {
  expect((await tryThrough([])).messages).toEqual([]);
  await expect(tryThrough([new StartError('It is damaged.')])).rejects.toThrow('It is damaged.');
});
