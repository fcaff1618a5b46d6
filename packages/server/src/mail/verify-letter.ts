import type { House, Letter } from './letter.ts';

export function verifyLetter(house: House, url: string): Letter {
  return {
    subject: `Confirm your address for ${house.name}`,
    paragraphs: [`This address was given for an account at ${house.name}. Open the link to confirm that it is yours.`],
    action: { label: 'Confirm this address', url },
    closing: ['The link works once, within a day. If you have no account there, do nothing.'],
  };
}
