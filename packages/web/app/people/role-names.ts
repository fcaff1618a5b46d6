import type { Role } from '@parlour/protocol/accounts';

/** What people are in the house, in words. */
export const roleNames: Record<Role, string> = {
  owner: 'Owner',
  admin: 'Admin',
  moderator: 'Moderator',
  member: 'Member',
};
