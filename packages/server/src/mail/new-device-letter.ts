import type { House, Letter } from './letter.ts';

export type NewDevice = { at: number; browser: string; system: string; address: string };

const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

export function newDeviceLetter(house: House, device: NewDevice): Letter {
  return {
    subject: `A new device signed in to ${house.name}`,
    paragraphs: [`Your account at ${house.name} was signed in to from a browser that was not used for it lately.`],
    facts: [
      ['When', `${moment.format(device.at)} (UTC)`],
      ['Browser', device.browser],
      ['System', device.system],
      ['Address', device.address || 'unknown'],
    ],
    action: { label: 'Look at your devices', url: `${house.origin}/settings/devices` },
    closing: ['If this was not you, sign that device out there, and change your password.'],
  };
}
