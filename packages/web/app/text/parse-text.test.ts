import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseText } from './parse-text.ts';

const links = (text: string) => parseText(text).flatMap((node) => (node.kind === 'link' ? [node.text] : []));

test('addresses become links, without the sentence around them', () => {
  expect(parseText('See https://example.org/a?b=c#d.')).toEqual([
    { kind: 'text', text: 'See ' },
    { kind: 'link', text: 'https://example.org/a?b=c#d', href: 'https://example.org/a?b=c#d' },
    { kind: 'text', text: '.' },
  ]);
  expect(links('(https://example.org/a_(b)) or https://example.org/x)')).toEqual([
    'https://example.org/a_(b)',
    'https://example.org/x',
  ]);
});

test('an address keeps the brackets that it opens, whatever ends the sentence', () => {
  for (const address of [
    'https://a.example/(b)',
    'https://a.example/[b]{c}',
    'https://a.example/((b))',
    'https://a.example/(b).c',
  ]) {
    for (const end of ['', '.', ')', ').', ']}).', '!?…', ')))...)']) {
      expect([address, end, links(address + end)]).toEqual([address, end, [address]]);
    }
  }
});

test('I10: nobody stops the readers of a text by an address of brackets or dots', () => {
  const from = performance.now();
  for (const part of [')', '.', ').]', '([{)]}', '()', '((', '.)']) {
    const address = `https://a.example/${part.repeat(100_000 / part.length)}`;
    expect(links(`${address} ${address}b`)).toHaveLength(2);
  }
  expect(performance.now() - from).toBeLessThan(2_000);
});

test('I10: a text that is all links or mentions has a hundred of them, and the rest is text', () => {
  for (const word of ['https://a.example/ ', '@ada ']) {
    expect(parseText(word.repeat(100)).filter(({ kind }) => kind !== 'text')).toHaveLength(100);
    const nodes = parseText(word.repeat(1_000));
    expect(nodes.filter(({ kind }) => kind !== 'text')).toHaveLength(100);
    expect(nodes.at(-1)).toEqual({ kind: 'text', text: word.repeat(900) });
    expect(nodes.map(({ text }) => text).join('')).toBe(word.repeat(1_000));
  }
});

test('fault 16: only http and https are links, and markup stays text', () => {
  expect(links('http://example.org')).toEqual(['http://example.org']);
  expect(links('javascript:alert(1) data:text/html,x //evil.example ftp://old.example')).toEqual([]);
  expect(parseText('<b onclick="x">hi</b>')).toEqual([{ kind: 'text', text: '<b onclick="x">hi</b>' }]);
  expect(links('https://a.example/"><script>')).toEqual(['https://a.example/']);
});

test('mentions are found beside links, and not in them', () => {
  expect(parseText('@Ada see https://example.org/@grace')).toEqual([
    { kind: 'mention', text: '@Ada', handle: 'ada' },
    { kind: 'text', text: ' see ' },
    { kind: 'link', text: 'https://example.org/@grace', href: 'https://example.org/@grace' },
  ]);
});

test('no character of a text is lost, doubled or moved', () => {
  const part = fc.oneof(fc.string({ unit: 'grapheme' }), fc.webUrl(), fc.constantFrom(' ', ')', '.', '(', '@ada'));
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      const text = parts.join('');
      const kept = parseText(text).map((node) => node.text);
      expect(kept.join('')).toBe(text);
    }),
  );
});
