import type { House, Letter } from './letter.ts';

export function passwordResetLetter(house: House): Letter {
  return {
    subject: `Your password for ${house.name} was set`,
    paragraphs: [
      `Your account at ${house.name} has a new password, set by a link. You were signed out on every device.`,
      'If this was you, all is well. If not, set another one at once, and tell an admin of the house.',
    ],
    action: { label: 'Set another password', url: `${house.origin}/forgot` },
    closing: ['Access tokens that you had for scripts have ended, too. Make new ones in the settings.'],
  };
}
