import type { AccessScope } from '@parlour/protocol/access-tokens';

/** What a token may do, in words. */
export const tokenScopes: Record<AccessScope, { label: string; text: string }> = {
  read: { label: 'Reads', text: 'Rooms, messages and posts, as you see them.' },
  write: {
    label: 'Reads and writes',
    text: 'Also sends messages, makes and joins rooms, invites, and publishes posts.',
  },
  admin: { label: 'Does all that you may', text: 'Also what your role in the house allows, such as banning somebody.' },
};
