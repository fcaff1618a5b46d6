import type { House, Letter } from './letter.ts';

/** To the address that counts until then. The new one does not stand in it: whoever reads this may be somebody else. */
export function emailChangeLetter(house: House): Letter {
  return {
    subject: `Another address for your account at ${house.name}`,
    paragraphs: [
      `Somebody who is signed in to your account at ${house.name} asked to give it another address.`,
      'It counts once the link is opened that went there. Until then this address stays the one of your account.',
    ],
    action: { label: 'This was not me: set a new password', url: `${house.origin}/forgot` },
    closing: ['If this was you, there is nothing to do here. A new password takes the change back.'],
  };
}
