import { buildWebIfStale } from '../bin/build-web.ts';

/** Every server of the run serves the same built pages. */
export default async function buildPages(): Promise<void> {
  await buildWebIfStale();
}
