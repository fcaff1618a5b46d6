import * as v from 'valibot';
import { limits } from './limits.ts';

const astral = /[\ud800-\udbff][\udc00-\udfff]/g;

/** Length in Unicode code points, so that one emoji counts as one whatever its encoding. */
export function countCharacters(text: string): number {
  return text.length - (text.match(astral)?.length ?? 0);
}

/** Whether the text has at most so many characters. One that is far longer is not counted: it may be a stranger's megabyte. */
export function hasAtMost(text: string, maximum: number): boolean {
  return text.length <= maximum || (text.length <= 2 * maximum && countCharacters(text) <= maximum);
}

/** Whether every character of the text can be stored and sent: no U+0000, no lone surrogate. */
export function isPlainText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

// Fillers and joiners take no space, and U+2800 is a blank that Unicode does not count as one.
const visible = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether there is anything to see in it. */
function isVisible(text: string): boolean {
  return visible.test(text);
}

/** What is wrong with a message body, as a sentence, or undefined. */
export function findBodyFault(body: string): string | undefined {
  if (!isVisible(body)) return 'The text is empty.';
  if (!hasAtMost(body, limits.bodyCharacters)) {
    return `The text is longer than ${limits.bodyCharacters.toLocaleString('en')} characters.`;
  }
  if (!isPlainText(body)) return 'The text holds a character that cannot be stored (U+0000 or half of a pair).';
  return undefined;
}

const control = /[\p{Cc}\p{Cf}\u2028\u2029]/u;
/** U+200D where it joins something, as in 👩‍🚀 or after a virama; elsewhere it only makes two names look the same. */
const joiner = /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{M}])\u200d(?=[\p{Extended_Pictographic}\p{L}])/gu;

/** A one-line text of 1 to `maximum` code points, trimmed: names and titles. */
export function line(what: string, maximum: number) {
  return v.pipe(
    v.string(`${what} must be text.`),
    v.trim(),
    v.minLength(1, `${what} is missing.`),
    v.check((text) => hasAtMost(text, maximum), `${what} is longer than ${maximum} characters.`),
    v.check(
      (text) => isPlainText(text) && !control.test(text.replaceAll(joiner, '')),
      `${what} holds a character that cannot be shown.`,
    ),
    v.check(isVisible, `${what} shows nothing.`),
  );
}

/** A text of 1 to `maximum` code points that may have many lines. */
export function prose(what: string, maximum: number) {
  return v.pipe(
    v.string(`${what} must be text.`),
    v.check(isVisible, `${what} is missing.`),
    v.check((text) => hasAtMost(text, maximum), `${what} is longer than ${maximum.toLocaleString('en')} characters.`),
    v.check(isPlainText, `${what} holds a character that cannot be stored.`),
  );
}
