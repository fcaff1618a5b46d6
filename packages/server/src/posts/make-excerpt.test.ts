import { expect, it } from 'vitest';
import { makeExcerpt } from './make-excerpt.ts';

it('keeps a short text whole, as one paragraph', () => {
  expect(makeExcerpt('  one\n\ttwo  ')).toBe('one two');
  expect(makeExcerpt('x'.repeat(280))).toBe('x'.repeat(280));
});

it('cuts a long text at a word, and one without words where it must', () => {
  expect(makeExcerpt(`${'word '.repeat(55)}extraordinary ending`)).toBe(`${'word '.repeat(55).trimEnd()}…`);
  expect(makeExcerpt('x'.repeat(281))).toBe(`${'x'.repeat(280)}…`);
});

it('never cuts a character in half', () => {
  expect(makeExcerpt('🎉'.repeat(300))).toBe(`${'🎉'.repeat(280)}…`);
});
