import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { root, titlesOf } from './source-files.ts';

const upTo = (letter: string, last: number) => Array.from({ length: last }, (_, i) => `${letter}${i + 1}`);
const requirements = [
  ['A', 11],
  ['B', 8],
  ['C', 8],
  ['D', 9],
  ['I', 11],
  ['fault ', 23],
].flatMap(([letter, last]) => upTo(letter as string, last as number));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const documents = globSync(['*.md', 'docs/**/*.md', 'examples/*/*.md'], { cwd: root }).sort();

test('every link from a document to a file leads to one', () => {
  expect(documents).toContain('ARCHITECTURE.md');
  const broken = documents.flatMap((path) =>
    Array.from(read(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g), ([, target = '']) => join(dirname(path), target))
      .filter((target) => !existsSync(join(root, target)))
      .map((target) => `${path} → ${target}`),
  );
  expect(broken).toEqual([]);
});

test('every `npm run` that a document names is there', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = documents.flatMap((path) =>
    Array.from(read(path).matchAll(/\bnpm run ([a-z]+)/g), ([, name = '']) => name),
  );
  expect(named).toContain('check');
  expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  const called = Object.values<string>(scripts).flatMap((script) => /\bnode (\S+\.(?:ts|mjs))/.exec(script)?.[1] ?? []);
  expect(called.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('every requirement names tests that quote it in a title', () => {
  const rows = Array.from(
    read('docs/requirements.md').matchAll(/^\| ([A-DI]\d+|fault \d+) \| .* \| (\w+) \| (.*) \|$/gm),
    ([, id = '', state = '', proofs = '']) => ({ id, state, proofs: linksOf(proofs) }),
  );
  expect(rows.map(({ id }) => id)).toEqual(requirements);
  const unproved = rows.flatMap(({ id, state, proofs }) => {
    expect(['done', 'part']).toContain(state);
    if (proofs.length === 0) return [id];
    return proofs.filter((path) => !quotes(join('docs', path), id)).map((path) => `${id}: ${path}`);
  });
  expect(unproved).toEqual([]);
});

function linksOf(text: string): string[] {
  return Array.from(text.matchAll(/\]\(([^)]+)\)/g), ([, target = '']) => target);
}

function quotes(path: string, id: string): boolean {
  return titlesOf(read(path)).some((title) => {
    if (!id.startsWith('fault')) return new RegExp(`\\b${id}\\b`).test(title);
    const [, number] = id.split(' ');
    return new RegExp(`\\bfaults? (?:\\d+(?:, | and ))*${number}\\b`).test(title);
  });
}

test('.env.example lists every setting with its default', () => {
  const settings = Array.from(
    read('packages/server/src/config.ts').matchAll(
      /^ {2}([A-Z][A-Z_]+): \{[\s\S]*?fallback: (?:'([^']*)'|undefined)/gm,
    ),
    ([, name = '', fallback]) => ({ name, fallback }),
  );
  expect(settings.map(({ name }) => name)).toContain('PARLOUR_DATA');
  const example = read('.env.example');
  for (const { name, fallback } of settings) {
    expect(example).toMatch(new RegExp(`^# ${name}=`, 'm'));
    if (fallback) expect(example).toContain(`# ${name}=${fallback}\n`);
  }
  const listed = Array.from(example.matchAll(/^# ([A-Z_]+)=/gm), ([, name = '']) => name);
  const isOfProvider = (name: string) => name.startsWith('PARLOUR_OIDC_');
  expect(listed.filter((name) => !isOfProvider(name)).sort()).toEqual(settings.map(({ name }) => name).sort());
  const fields = read('packages/server/src/single-sign-on/provider-settings.ts').matchAll(/^ {2}([A-Z_]+): \{/gm);
  const ofProviders = Array.from(fields, ([, field]) => `PARLOUR_OIDC_STAFF_${field}`);
  expect(ofProviders).toContain('PARLOUR_OIDC_STAFF_ISSUER');
  expect(listed.filter(isOfProvider).sort()).toEqual(ofProviders.sort());
});
