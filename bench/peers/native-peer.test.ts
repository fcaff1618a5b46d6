import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startNativePeer } from './native-peer.ts';

const isMissing = !existsSync('/usr/bin/setpriv');

test.skipIf(isMissing).each([
  ['kill -ILL $$', 'SIGILL'],
  ['echo no such setting >&2; exit 3', 'exit code 3): no such setting'],
])('a program that ends before it listens is reported, not waited for: %s', async (script, reason) => {
  const start = startNativePeer({ program: '/bin/sh', args: () => ['-c', script] });
  await expect(start).rejects.toThrow(reason);
});
