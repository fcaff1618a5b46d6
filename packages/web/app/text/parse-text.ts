import { splitMentions } from '@parlour/protocol/mentions';

/** A stretch of plain text, an address in it that a browser may open, or somebody's `@name`. */
export type TextNode =
  | { kind: 'text'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'mention'; text: string; handle: string };

/** Links and mentions of one text; what follows is text like any other, or a page of such texts would take seconds to make. */
const marksMaximum = 100;
const address = /\bhttps?:\/\/[^\s<>"'`\u00a0]+/giu;
/** What ends a sentence rather than an address. */
const trailing = new Set('.,;:!?…\'"»”’');
const brackets = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
]);

/** Finds the links and mentions of a text. The text stays text: nodes are made of it, never markup (fault 16). */
export function parseText(text: string): TextNode[] {
  const nodes: TextNode[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const found = trimAddress(match[0]);
    const href = readHref(found);
    if (href === undefined) continue;
    nodes.push(...parseWords(text.slice(end, match.index)));
    nodes.push({ kind: 'link', text: found, href });
    end = match.index + found.length;
  }
  nodes.push(...parseWords(text.slice(end)));
  return keepFirst(nodes);
}

function keepFirst(nodes: TextNode[]): TextNode[] {
  const marked = nodes.flatMap(({ kind }, index) => (kind === 'text' ? [] : [index]));
  const end = marked[marksMaximum];
  if (end === undefined) return nodes;
  const rest = nodes.slice(end).map(({ text }) => text);
  return [...nodes.slice(0, end), { kind: 'text', text: rest.join('') }];
}

function parseWords(text: string): TextNode[] {
  return splitMentions(text).map((piece) =>
    piece.handle === undefined
      ? { kind: 'text', text: piece.text }
      : { kind: 'mention', text: piece.text, handle: piece.handle },
  );
}

/**
 * `(see https://example.org/a_(b))` keeps the inner bracket and drops the outer one. In one pass from the end, because
 * whoever writes thousands of brackets must not stop the browsers of those who read them, and the rendering of pages.
 */
function trimAddress(found: string): string {
  const unopened = new Map([...brackets].map(([close, open]) => [close, count(found, close) - count(found, open)]));
  let end = found.length;
  for (; end > 0; end -= 1) {
    const last = found.charAt(end - 1);
    const spare = unopened.get(last) ?? 0;
    if (spare > 0) unopened.set(last, spare - 1);
    else if (!trailing.has(last)) break;
  }
  return found.slice(0, end);
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

function readHref(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : undefined;
}
