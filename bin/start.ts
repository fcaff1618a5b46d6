import { enableCompileCache, flushCompileCache } from 'node:module';
import { join } from 'node:path';

// What was compiled once is loaded by the next start as it is, in every thread, none of which then holds what strips
// types: a third of the time and a fifth of the memory. Not in the system's folder for temporary files, where whoever came
// first could put other code; and before anything else is loaded.
const { directory } = enableCompileCache(join(import.meta.dirname, '..', 'node_modules', '.cache', 'compile'));
if (directory !== undefined) process.env['NODE_COMPILE_CACHE'] = directory;
const [{ run }, { buildWebIfStale }] = await Promise.all([
  import('../packages/server/src/run.ts'),
  import('./build-web.ts'),
]);

// Rendering a page costs half with it.
process.env['NODE_ENV'] ??= 'production';

await run({ preparePages: () => buildWebIfStale() });
// Now: whoever is killed keeps nothing.
flushCompileCache();
