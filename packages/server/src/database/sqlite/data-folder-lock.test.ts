import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StartError } from '../../start-error.ts';
import { lockDataFolder } from './data-folder-lock.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'parlour-lock-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('the data folder', () => {
  test('is made with the folders above it, for its owner alone', () => {
    const folder = join(base, 'a', 'b');
    lockDataFolder(folder).release();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    lockDataFolder(folder).release();
  });

  test('is held by one at a time', () => {
    const lock = lockDataFolder(base);
    expect(() => lockDataFolder(base)).toThrow('in use by another Parlour');
    lock.release();
    lockDataFolder(base).release();
  });

  test.runIf(process.platform === 'linux')('is refused at once where nothing can be made, as below /proc', () => {
    expect(() => lockDataFolder('/proc/parlour/data')).toThrow(StartError);
  });
});
