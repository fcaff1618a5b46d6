import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';

export type Import = {
  /** A path of this repository, or the name that a package is imported by. */
  to: string;
  /** Gone when the program runs. */
  isType: boolean;
  /** Passed on to whoever imports this file. */
  isReexport: boolean;
};

export type SourceFile = {
  /** From the root of the repository, such as packages/server/src/app.ts. */
  path: string;
  text: string;
  imports: Import[];
  /** Whether it does nothing but pass on what others export. */
  isBarrel: boolean;
};

export const root = join(import.meta.dirname, '../../..');

const patterns = ['packages/*/src/**/*.ts', 'packages/web/{app,server}/**/*.{ts,vue}'];

/** Every file of the product itself: no tests, nothing that is built. */
export function readSourceFiles(): SourceFile[] {
  return globSync(patterns, { cwd: root })
    .filter((path) => !path.includes('.test.') && !path.endsWith('.d.ts') && !path.includes('node_modules'))
    .sort()
    .map(readSourceFile);
}

function readSourceFile(path: string): SourceFile {
  const text = readFileSync(join(root, path), 'utf8');
  const script = path.endsWith('.vue') ? scriptsOf(text) : text;
  const parsed = ts.createSourceFile(path, script, ts.ScriptTarget.ESNext);
  const imports: Import[] = [];
  const add = (specifier: ts.Expression | undefined, isType: boolean, isReexport: boolean) => {
    if (specifier !== undefined && ts.isStringLiteral(specifier))
      imports.push({ to: resolve(path, specifier.text), isType, isReexport });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeImport(node), false);
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly, true);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false, false);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true, false);
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  const isBarrel =
    parsed.statements.length > 0 &&
    parsed.statements.every((each) => ts.isExportDeclaration(each) && each.moduleSpecifier);
  return { path, text, imports, isBarrel };
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (importClause === undefined) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = importClause;
  if (name !== undefined || namedBindings === undefined || !ts.isNamedImports(namedBindings)) return false;
  return namedBindings.elements.every((element) => element.isTypeOnly);
}

function scriptsOf(component: string): string {
  return Array.from(component.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g), ([, script]) => script).join('\n');
}

function resolve(importer: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(join(dirname(importer), specifier));
  if (specifier.startsWith('~/')) return join('packages/web/app', specifier.slice(2));
  return specifier;
}

/** The titles of the tests in a file, with those of what groups them. */
export function titlesOf(source: string): string[] {
  return Array.from(
    source.matchAll(/\b(?:test|it|describe)\b[^'"`\n]*\(\s*(['"`])([\s\S]*?)\1/g),
    ([, , title = '']) => title,
  );
}
