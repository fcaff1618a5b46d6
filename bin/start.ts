import { run } from '../packages/server/src/run.ts';
import { buildWebIfStale } from './build-web.ts';

// Rendering a page costs half with it.
process.env['NODE_ENV'] ??= 'production';

await run({ preparePages: () => buildWebIfStale() });
