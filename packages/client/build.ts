/**
 * Builds what others install: ESM with types, since Node strips no types below `node_modules`. Makes
 * `packages/protocol/dist` and `packages/client/dist`, each a folder of its own for `npm pack` or `npm publish`.
 */
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

type Manifest = Record<string, unknown> & { exports: Record<string, string> };

const root = join(import.meta.dirname, '../..');
const protocol = join(root, 'packages/protocol');
const client = join(root, 'packages/client');

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.esnext.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  rewriteRelativeImportExtensions: true,
  declaration: true,
  noEmitOnError: true,
  skipLibCheck: true,
  types: [],
};

function compile(folder: string, paths: Record<string, string[]>): void {
  const sources = globSync('src/**/*.ts', { cwd: folder, exclude: ['**/*.test.ts'] }).map((name) => join(folder, name));
  const program = ts.createProgram(sources, {
    ...options,
    paths,
    rootDir: join(folder, 'src'),
    outDir: join(folder, 'dist'),
  });
  const faults = [...ts.getPreEmitDiagnostics(program), ...program.emit().diagnostics];
  if (faults.length === 0) return;
  const host = {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (name: string) => name,
    getNewLine: () => '\n',
  };
  throw new Error(ts.formatDiagnostics(faults, host));
}

/** `./src/vue/vue.ts` → the built file and its types. */
function toBuilt(source: string): { types: string; default: string } {
  const stem = source.replace('./src/', './').replace(/\.ts$/, '');
  return { types: `${stem}.d.ts`, default: `${stem}.js` };
}

function writeManifest(folder: string): void {
  const {
    exports,
    devDependencies: _,
    ...rest
  } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const manifest = {
    ...rest,
    exports: Object.fromEntries(Object.entries(exports).map(([name, source]) => [name, toBuilt(source)])),
    sideEffects: false,
    engines: { node: '>=20' },
  };
  writeFileSync(join(folder, 'dist/package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function build(folder: string, paths: Record<string, string[]> = {}): void {
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  mkdirSync(join(folder, 'dist'));
  compile(folder, paths);
  writeManifest(folder);
  copyFileSync(join(root, 'LICENSE'), join(folder, 'dist/LICENSE'));
}

build(protocol);
build(client, { '@parlour/protocol/*': [join(protocol, 'dist/*.d.ts')] });
copyFileSync(join(client, 'README.md'), join(client, 'dist/README.md'));
