import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { readSourceFiles } from './source-files.ts';

const files = readSourceFiles().map(({ path, text }) => ({ path, text, name: basename(path) }));
/** The framework gives these their names: they are addresses. */
const isRouted = (path: string) => /^packages\/web\/(app\/pages|server\/routes)\//.test(path);
const named = files.filter(({ path }) => !isRouted(path));

test('files are kebab-case, components PascalCase, composables called like their function', () => {
  const misnamed = named.filter(({ path, name }) => {
    if (path.startsWith('packages/web/app/components/')) return !/^([A-Z][a-z0-9]*)+\.(vue|ts)$/.test(name);
    if (path.startsWith('packages/web/app/composables/')) return !/^[a-z]+([A-Z][a-z0-9]*)*\.ts$/.test(name);
    // What stands before the ending tells the framework where a file runs.
    return !/^[a-z0-9]+(-[a-z0-9]+)*(\.(client|server|global|config))?\.(ts|vue)$/.test(name);
  });
  expect(misnamed.map(({ path }) => path)).toEqual([]);
});

test('names say what is inside: no types.ts, utils, helpers, manager or service', () => {
  const vague = named.filter(({ name }) => /(^|-)(types|utils?|helpers?|managers?|services?|common|misc)\./.test(name));
  expect(vague.map(({ path }) => path)).toEqual([]);
});

test('no two files of a package have the same name, so that a name finds one file', () => {
  const places = new Map<string, string[]>();
  for (const { path, name } of named) {
    const [, home = ''] = path.split('/');
    // The bindings of the client mirror each other file by file.
    const [, binding = ''] = /\/src\/(vue|react)\//.exec(path) ?? [];
    const key = `${home}/${binding}/${name}`;
    places.set(key, [...(places.get(key) ?? []), path]);
  }
  expect([...places.values()].filter((paths) => paths.length > 1)).toEqual([]);
});

test('a file of more than 300 lines says near its top why it is that long', () => {
  const unexplained = files.filter(({ text }) => {
    const lines = text.split('\n');
    return lines.length > 300 && !/^\s*(\*|\/\/|<!--).*\blong(er)?\b/m.test(lines.slice(0, 60).join('\n'));
  });
  expect(unexplained.map(({ path }) => path)).toEqual([]);
});

test('most files are short', () => {
  const lengths = files.map(({ text }) => text.split('\n').length).sort((a, b) => a - b);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(80);
});

test('the server asks for every permission of the one table, so that none is only promised', () => {
  const table = files.find(({ path }) => path === 'packages/protocol/src/permissions.ts')?.text ?? '';
  const permissions = Array.from(table.matchAll(/^ {2}(\w+): \[/gm), ([, name = '']) => name);
  expect(permissions).toContain('readAudit');
  const server = files.filter(({ path }) => path.startsWith('packages/server/')).map(({ text }) => text);
  expect(permissions.filter((name) => !server.some((text) => text.includes(`'${name}'`)))).toEqual([]);
});

test('the server asks for columns by name, so that those of a newer release do not break its prepared statements', () => {
  const own = files.filter(({ path }) => path.startsWith('packages/server/src/') && !path.endsWith('.test.ts'));
  expect(own.length).toBeGreaterThan(100);
  expect(own.filter(({ text }) => /\b(selectAll|returningAll)\(/.test(text)).map(({ path }) => path)).toEqual([]);
});
