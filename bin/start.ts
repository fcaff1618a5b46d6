import { run } from '../packages/server/src/run.ts';
import { buildWebIfStale } from './build-web.ts';

// Rendering a page costs half with it.
process.env['NODE_ENV'] ??= 'production';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** A build that is under way ends with this process, before the server listens to signals itself. */
async function preparePages(): Promise<string> {
  const quit = () => process.exit(1);
  for (const signal of signals) process.once(signal, quit);
  try {
    return await buildWebIfStale();
  } finally {
    for (const signal of signals) process.off(signal, quit);
  }
}

await run({ preparePages });
