import type { House, Letter } from './letter.ts';

export type InviteWords = { inviter: string; roomName: string; url: string; expiresAt: number };

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

export function inviteLetter(house: House, { inviter, roomName, url, expiresAt }: InviteWords): Letter {
  return {
    subject: `${inviter} invites you to ${roomName}`,
    paragraphs: [`${inviter} invites you to the room “${roomName}” at ${house.name}.`],
    action: { label: 'Look at the invite', url },
    closing: [
      `The link is good until ${moment.format(expiresAt)} (UTC). Whoever has it can use it.`,
      'If you do not know what this is about, do nothing: no account is made, and no more mail comes of it.',
    ],
  };
}
