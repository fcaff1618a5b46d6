import { readFileSync } from 'node:fs';

type Manifest = { dependencies: Record<string, string> };

const manifests = ['../package.json', '../../packages/server/package.json'].map(
  (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Manifest,
);

/** Of npm packages that the benchmarks or the server name, all of which they pin. */
export function findVersions(...names: string[]): Record<string, string> {
  const find = (name: string) => manifests.find(({ dependencies }) => name in dependencies)?.dependencies[name];
  return Object.fromEntries(names.map((name) => [name, find(name) ?? 'unknown']));
}
