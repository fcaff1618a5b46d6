import { ParlourError } from '@parlour/protocol/errors';
import { limits } from '@parlour/protocol/limits';

/** Passwords from leaks that are long enough to be chosen here. Not in memory before somebody chooses one. */
let common: ReadonlySet<string> | undefined;
/** What may stand around known words, such as a year, without making them harder to guess. */
const spare = 4;
const shortestWord = 3;

export type KnownWords = { houseName: string; name: string; email: string };

/**
 * Throws `invalid_field` for a password that many people use, and for one of hardly more than words that everybody
 * knows: Parlour's, the house's and the person's name, and the person's address.
 */
export async function refuseGuessable(password: string, known: KnownWords): Promise<void> {
  common ??= await loadCommon();
  if (common.has(password.toLowerCase())) {
    throw tooEasy('This is one of the most used passwords, and the first that others would try. Choose another.');
  }
  const letters = bare(password);
  const rest = wordsOf(known).reduce((left, word) => left.replaceAll(word, ''), letters);
  if (rest !== letters && rest.length <= spare) {
    throw tooEasy('A password must be more than your name, your address or the name of this house. Choose another.');
  }
}

async function loadCommon(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common'].filter(({ length }) => length >= limits.passwordMinimum));
}

function wordsOf({ houseName, name, email }: KnownWords): string[] {
  return ['parlour', email, ...email.split('@'), ...houseName.split(/\s/), ...name.split(/\s/)]
    .map(bare)
    .filter((word) => word.length >= shortestWord)
    .sort((a, b) => b.length - a.length);
}

function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function tooEasy(message: string): ParlourError {
  return new ParlourError('invalid_field', message, { field: 'password' });
}
