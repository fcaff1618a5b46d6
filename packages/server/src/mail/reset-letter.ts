import type { House, Letter } from './letter.ts';

export function resetLetter(house: House, url: string, minutes: number): Letter {
  return {
    subject: `Set a new password for ${house.name}`,
    paragraphs: [`Somebody asked for a new password for your account at ${house.name}.`],
    action: { label: 'Set a new password', url },
    closing: [
      `The link works once, within ${minutes} minutes. Setting a new password signs you out on every device.`,
      'If this was not you, do nothing: your password stays as it is, and nobody learnt whether you have an account.',
    ],
  };
}
