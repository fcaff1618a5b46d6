import { ParlourError } from '@parlour/protocol/errors';
import { dictionary } from '@zxcvbn-ts/language-common';

/** Some 50,000 passwords from leaks, the most used first; a third of them are long enough to be chosen here. */
const common = new Set(dictionary['passwords-common']);
/** What may stand around known words, such as a year, without making them harder to guess. */
const spare = 4;
const shortestWord = 3;

export type KnownWords = { houseName: string; name: string; email: string };

/**
 * Throws `invalid_field` for a password that many people use, and for one of hardly more than words that everybody
 * knows: Parlour's, the house's and the person's name, and the person's address.
 */
export function refuseGuessable(password: string, known: KnownWords): void {
  if (common.has(password.toLowerCase())) {
    throw tooEasy('This is one of the most used passwords, and the first that others would try. Choose another.');
  }
  const letters = bare(password);
  const rest = wordsOf(known).reduce((left, word) => left.replaceAll(word, ''), letters);
  if (rest !== letters && rest.length <= spare) {
    throw tooEasy('A password must be more than your name, your address or the name of this house. Choose another.');
  }
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
