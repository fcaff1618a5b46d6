import { join } from 'node:path';
import { run } from '../src/run.ts';

// The real process but for its pages. It ends with whoever started it, even when that one is killed.
process.stdin.on('end', () => process.exit(0)).resume();

await run({ preparePages: async () => join(import.meta.dirname, 'stub-pages') });
