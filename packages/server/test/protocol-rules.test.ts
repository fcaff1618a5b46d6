import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { closeCodes, revocationReasons, shouldReconnect } from '@parlour/protocol/close-codes';
import { errorKinds } from '@parlour/protocol/errors';
import { expect, test } from 'vitest';
import { root, titlesOf } from './source-files.ts';

const text = readFileSync(join(root, 'PROTOCOL.md'), 'utf8');
const defined = Array.from(text.matchAll(/^- \*\*(P-[A-Z]+-\d+)\*\*/gm), ([, id = '']) => id);

/** Rule IDs in the titles of tests, with the files that quote them. */
function findQuoted(): Map<string, string[]> {
  const quoted = new Map<string, string[]>();
  const tests = globSync('{packages,examples,e2e}/**/*.{test,spec}.{ts,tsx}', { cwd: root });
  for (const path of tests.filter((each) => !each.includes('node_modules'))) {
    const source = readFileSync(join(root, path), 'utf8');
    for (const title of titlesOf(source))
      for (const [id] of title.matchAll(/\bP-[A-Z]+-\d+\b/g)) quoted.set(id, [...(quoted.get(id) ?? []), path]);
  }
  return quoted;
}

const quoted = findQuoted();

test('PROTOCOL.md gives each rule an ID of its own, in order', () => {
  expect(defined.length).toBeGreaterThan(50);
  expect(new Set(defined).size).toBe(defined.length);
  const numbers = new Map<string, number>();
  for (const id of defined) {
    const [, group = '', number] = /^P-([A-Z]+)-(\d+)$/.exec(id) ?? [];
    expect(Number(number), id).toBe((numbers.get(group) ?? 0) + 1);
    numbers.set(group, Number(number));
  }
});

test('the text of PROTOCOL.md refers to rules that exist', () => {
  const known = new Set(defined);
  expect(Array.from(text.matchAll(/\bP-[A-Z]+-\d+\b/g), ([id]) => id).filter((id) => !known.has(id))).toEqual([]);
});

test('every rule of PROTOCOL.md is quoted in the title of a test', () => {
  expect(defined.filter((id) => !quoted.has(id))).toEqual([]);
});

test('tests quote rules that exist', () => {
  const known = new Set(defined);
  expect([...quoted].filter(([id]) => !known.has(id))).toEqual([]);
});

test('PROTOCOL.md lists every close code as the code has it', () => {
  const rows = Array.from(text.matchAll(/^\| (\d{4}) \| .* \| (yes|no)\b.*\|$/gm), ([, code, back]) => [
    Number(code),
    back === 'yes',
  ]);
  const expected = Object.values(closeCodes).map(({ code }) => [code, shouldReconnect(code)]);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(expected));
  for (const reason of Object.keys(revocationReasons)) expect(text).toContain(`\`${reason}\``);
});

test('PROTOCOL.md lists every error code that a server sends, with its status and whether it is retryable', () => {
  const listed = text.matchAll(/^\| ((?:`[a-z_]+`(?:, )?)+) \| (\d{3}) \| (retryable)? ?\|$/gm);
  const rows = Array.from(listed).flatMap(([, codes = '', status, retryable]) =>
    Array.from(codes.matchAll(/[a-z_]+/g), ([code]) => [
      code,
      { status: Number(status), retryable: retryable !== undefined },
    ]),
  );
  const { unreachable: _, ...sent } = errorKinds;
  const expected = Object.entries(sent).map(([code, { status, retryable }]) => [code, { status, retryable }]);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(expected));
});
