import { fileURLToPath } from 'node:url';
import { run } from './run.ts';

// Expects built pages; `npm start` builds them first.
await run({ preparePages: async () => fileURLToPath(new URL('../../web/.output', import.meta.url)) });
