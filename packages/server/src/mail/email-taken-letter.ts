import type { House, Letter } from './letter.ts';

/** Instead of a link: the address has an account already, and only its owner learns that. */
export function emailTakenLetter(house: House): Letter {
  return {
    subject: `You have an account at ${house.name} already`,
    paragraphs: [
      `Somebody with another account at ${house.name} wanted to give it this address. It has an account of its own.`,
      'If this was you, sign in with it, or set a new password if you do not know it any more.',
    ],
    action: { label: 'Set a new password', url: `${house.origin}/forgot` },
    closing: ['If this was not you, there is nothing to do. Nobody was told that this address has an account.'],
  };
}
