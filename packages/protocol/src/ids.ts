import * as v from 'valibot';

const pattern = /^[A-Za-z0-9_-]{1,64}$/;

/** A message's id, chosen by its sender: 1 to 64 of `A–Z a–z 0–9 _ -`. Unique for its author. */
export const messageId = v.pipe(
  v.string('An id must be text.'),
  v.regex(pattern, 'An id has 1 to 64 of the characters A–Z, a–z, 0–9, _ and -.'),
);

/** A room's id as the server gives it; any text of a sane length is looked up, and an unknown one is not found. */
export const roomId = v.pipe(
  v.string('A room is named by its id.'),
  v.minLength(1, 'The room is missing.'),
  v.maxLength(64, 'A room’s id is not that long.'),
);

/** Events of a room are numbered from 1; 0 stands for "before the first". */
export const seqNumber = v.pipe(
  v.number('A seq is a number.'),
  v.safeInteger('A seq is a whole number.'),
  v.minValue(0, 'A seq is 0 or more.'),
);

/**
 * A new message id: it begins with the time in base 36, so that ids made one after another lie side by side in an
 * index, and ends with 64 random bits.
 */
export function newMessageId(now = Date.now()): string {
  const random = crypto.getRandomValues(new Uint32Array(2));
  const tail = Array.from(random, (word) => word.toString(36).padStart(7, '0')).join('');
  return `${now.toString(36)}-${tail}`;
}
