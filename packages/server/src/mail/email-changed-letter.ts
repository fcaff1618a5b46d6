import type { House, Letter } from './letter.ts';

/** The last one to an address that counts no more. */
export function emailChangedLetter(house: House): Letter {
  return {
    subject: `Your account at ${house.name} has another address`,
    paragraphs: [
      `Your account at ${house.name} has another address from now on. No more mail about it comes to this one.`,
      'If this was not you, tell an admin of the house at once: they can make a link that sets a new password.',
    ],
  };
}
