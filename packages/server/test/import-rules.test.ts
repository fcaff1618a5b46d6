import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { readSourceFiles, root, type SourceFile } from './source-files.ts';

const files = readSourceFiles();
const server = 'packages/server/src/';
const inServer = files.filter(({ path }) => path.startsWith(server));

/** Where everything is wired, in three files because routes and sockets are each enough for one. */
const wiring = ['app.ts', 'api.ts', 'realtime.ts'].map((name) => server + name);
/** Each may import what stands before it; what stands beside it, not. */
const featureOrder = [
  ['audit', 'mail'],
  ['accounts'],
  ['single-sign-on', 'passkeys', 'second-factor', 'access-tokens', 'people'],
  ['rooms'],
  ['messages', 'posts', 'presence'],
];

/** The folder right below src/, or '' for what lies in src/ itself. */
function folderOf(path: string): string {
  const [folder = '', ...rest] = relative(server, path).split('/');
  return rest.length === 0 ? '' : folder;
}

function rankOf(folder: string): number {
  return featureOrder.findIndex((features) => features.includes(folder));
}

/** Every import that breaks a rule, as "importer → imported". */
function findBreaches(
  importers: readonly SourceFile[],
  breaks: (from: string, to: string, isType: boolean) => boolean,
) {
  return importers.flatMap(({ path, imports }) =>
    imports.filter(({ to, isType }) => breaks(path, to, isType)).map(({ to }) => `${path} → ${to}`),
  );
}

function inPackage(name: string): SourceFile[] {
  return files.filter(({ path }) => path.startsWith(`packages/${name}/`));
}

function isOwn(from: string, to: string): boolean {
  return to.startsWith(`${from.split('/', 2).join('/')}/`);
}

test('there are files to look at, and their imports are read', () => {
  expect(inServer.length).toBeGreaterThan(50);
  for (const name of ['protocol', 'client', 'web']) expect(inPackage(name).length).toBeGreaterThan(10);
  const app = files.find(({ path }) => path === `${server}app.ts`);
  expect(app?.imports).toContainEqual({ to: `${server}realtime.ts`, isType: false, isReexport: false });
  expect(app?.imports).toContainEqual({ to: `${server}log.ts`, isType: true, isReexport: false });
});

test('protocol depends on one small validator', () => {
  expect(findBreaches(inPackage('protocol'), (from, to) => !isOwn(from, to) && to !== 'valibot')).toEqual([]);
});

test('client depends on nothing but protocol, and its bindings on their framework too', () => {
  const breaches = findBreaches(inPackage('client'), (from, to) => {
    if (isOwn(from, to) || to.startsWith('@parlour/protocol/')) return false;
    return !['vue', 'react'].some((framework) => to === framework && from.includes(`/src/${framework}/`));
  });
  expect(breaches).toEqual([]);
});

test('server and client never import each other, and pages never the server', () => {
  const breaches = findBreaches(files, (from, to) => {
    if (from.startsWith(server)) return /^@parlour\/(client|web)\b|packages\/(client|web)\//.test(to);
    return /^@parlour\/server\b|packages\/server\//.test(to);
  });
  expect(breaches).toEqual([]);
});

test('main → run → app, and nobody imports those from below', () => {
  const above: Record<string, string[]> = {
    'main.ts': [],
    'run.ts': ['main.ts'],
    'app.ts': ['run.ts'],
    'api.ts': ['app.ts'],
    'realtime.ts': ['app.ts'],
  };
  const breaches = findBreaches(inServer, (from, to, isType) => {
    const importers = above[relative(server, to)];
    return importers !== undefined && !isType && !importers.includes(relative(server, from));
  });
  expect(breaches).toEqual([]);
});

test('features form an order: audit, mail ← accounts ← ways to sign in ← rooms ← messages, posts, presence', () => {
  const breaches = findBreaches(inServer, (from, to) => {
    const [importer, imported] = [rankOf(folderOf(from)), rankOf(folderOf(to))];
    if (importer < 0 || imported < 0 || folderOf(from) === folderOf(to)) return false;
    return imported >= importer;
  });
  expect(breaches).toEqual([]);
});

test('stores, routes and commands are private to their folder', () => {
  const breaches = findBreaches(
    inServer,
    (from, to) => /-(store|routes|commands)\.ts$/.test(to) && dirname(from) !== dirname(to) && !wiring.includes(from),
  );
  expect(breaches).toEqual([]);
});

test('behaviours and stores know neither routes nor commands', () => {
  const isTable = (path: string) => /-(routes|commands)\.ts$/.test(path);
  const mounts = [...wiring, `${server}accounts/create-accounts.ts`];
  expect(findBreaches(inServer, (from, to) => isTable(to) && !isTable(from) && !mounts.includes(from))).toEqual([]);
});

test('sockets, fan-out and database name no feature', () => {
  const neutral = inServer.filter(({ path }) => ['sockets', 'fanout', 'database'].includes(folderOf(path)));
  expect(findBreaches(neutral, (_from, to) => rankOf(folderOf(to)) >= 0)).toEqual([]);
});

test('only the configuration reads the environment', () => {
  const readers = files.filter(({ text, path }) => /\bprocess\.env\b/.test(text) && !path.startsWith('packages/web/'));
  expect(readers.map(({ path }) => path)).toEqual([`${server}config.ts`]);
});

test('I10: SQL runs in the database threads, and nothing that serves waits for a disk or a hash', () => {
  const starting = ['config.ts', 'secrets.ts', 'database/sqlite/data-folder-lock.ts'].map((name) => server + name);
  // Threads of their own, and the procedure that runs in one of them.
  const threads =
    /\/(sqlite-reader|sqlite-writer|open-sqlite|statements|write-queue|append-message|render-worker)\.ts$/;
  const serving = inServer.filter(({ path }) => !starting.includes(path) && !threads.test(path));
  expect(findBreaches(serving, (_from, to, isType) => to === 'node:sqlite' && !isType)).toEqual([]);
  // Deriving 32 bytes takes microseconds; what is meant are files, processes and passwords.
  const isBlocking = ({ text }: SourceFile) => /\b(?!hkdf)[a-z]\w*Sync\(/.test(text);
  expect(starting.filter((path) => files.some((file) => file.path === path && isBlocking(file)))).toHaveLength(3);
  expect(serving.filter(isBlocking).map(({ path }) => path)).toEqual([]);
});

test('no file passes on what others export, but the entries of a package', () => {
  const entries = ['protocol', 'client', 'server'].flatMap((name) => {
    const { exports = {} } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
    return Object.values<string>(exports).map((entry) => join('packages', name, entry));
  });
  expect(entries).toContain('packages/client/src/client.ts');
  expect(files.filter(({ isBarrel, path }) => isBarrel && !entries.includes(path)).map(({ path }) => path)).toEqual([]);
  expect(files.filter(({ path }) => basename(path) === 'index.ts').map(({ path }) => path)).toEqual([]);
});

test('no files need each other to run', () => {
  const needs = new Map(
    files.map(({ path, imports }) => [path, imports.filter(({ isType }) => !isType).map(({ to }) => to)]),
  );
  const done = new Set<string>();
  const findCycle = (path: string, trail: readonly string[]): readonly string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path];
    if (done.has(path)) return undefined;
    for (const next of needs.get(path) ?? []) {
      const cycle = findCycle(next, [...trail, path]);
      if (cycle !== undefined) return cycle;
    }
    done.add(path);
    return undefined;
  };
  const cycles = [...needs.keys()].map((path) => findCycle(path, [])).filter((cycle) => cycle !== undefined);
  expect(cycles).toEqual([]);
});
