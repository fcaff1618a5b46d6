/** Mentions of one message that count; further ones are text like any other. */
const mentionsMaximum = 50;
const mention = /(?<![\p{L}\p{N}_@/.-])@([\p{L}\p{N}][\p{L}\p{N}_-]{0,79})/gu;

/**
 * What one writes after `@` to mention somebody: their name in lower case, with a hyphen for whatever is no letter and
 * no digit. People of one name share it, and all of them are meant.
 */
export function handleOf(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '');
}

/** The handles that a text mentions, each once. */
export function findMentions(body: string): string[] {
  if (!body.includes('@')) return [];
  const handles = new Set<string>();
  for (const [, handle = ''] of body.matchAll(mention)) {
    if (handles.size === mentionsMaximum) break;
    handles.add(handleOf(handle));
  }
  handles.delete('');
  return [...handles];
}

export type TextPiece = { text: string; handle?: string };

/** The text in pieces, those that mention somebody with the handle that they mean: for showing it. */
export function splitMentions(body: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of body.matchAll(mention)) {
    if (match.index > end) pieces.push({ text: body.slice(end, match.index) });
    pieces.push({ text: match[0], handle: handleOf(match[1] ?? '') });
    end = match.index + match[0].length;
  }
  if (end < body.length) pieces.push({ text: body.slice(end) });
  return pieces;
}
