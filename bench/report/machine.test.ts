import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findFileSystem } from './machine.ts';

test('data in memory is told from data on a disk', ({ skip }) => {
  skip(!existsSync('/dev/shm'), 'there is no file system in memory');
  expect(findFileSystem('/dev/shm')).toBe('tmpfs: memory, which survives nothing');
  expect(findFileSystem('/dev/shm/of/a/server')).toBe('tmpfs: memory, which survives nothing');
  expect(findFileSystem('/proc')).toBe('proc');
  expect(findFileSystem('/processes')).not.toBe('proc');
});
