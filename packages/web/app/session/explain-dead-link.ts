import { readFailure } from './read-failure.ts';

/** Why the link of a mail opens nothing, below a heading that says so. */
export function explainDeadLink(error: unknown): string {
  const { code, message } = readFailure(error);
  if (code === 'invalid_field') return 'It is not complete.';
  if (code === 'link_invalid') return 'It was used already, or is too old.';
  return message;
}
