import type { House, Letter } from './letter.ts';

/** For somebody who asked for a new password and has none. */
export function noPasswordLetter(house: House): Letter {
  return {
    subject: `You sign in to ${house.name} without a password`,
    paragraphs: [
      `Somebody asked for a new password for your account at ${house.name}.`,
      'Your account has none: you sign in with a passkey, or by way of another service.',
    ],
    action: { label: 'Sign in', url: `${house.origin}/sign-in` },
    closing: [
      'If that does not work any more, an admin of the house can help. If this was not you, there is nothing to do.',
    ],
  };
}
