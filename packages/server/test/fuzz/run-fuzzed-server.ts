// The real server but for its pages, which tells how large its heap is after a forced collection. It ends with its parent.
import { join } from 'node:path';
import { run } from '../../src/run.ts';

process.on('disconnect', () => process.exit(0));
process.on('message', () => {
  for (let i = 0; i < 3; i += 1) globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  process.send?.(heapUsed + arrayBuffers);
});
await run({ preparePages: async () => join(import.meta.dirname, '..', 'stub-pages') });
