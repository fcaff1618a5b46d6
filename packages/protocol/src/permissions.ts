import type { Role } from './accounts.ts';

/** Who may do what in the whole workspace: the one table that server and pages go by. Owners may do everything. */
const permissions = {
  /** Look after any room that one may see, as its owner would. */
  manageRooms: ['admin'],
  /** Take the owner of a room out of it. */
  removeRoomOwners: [],
  /** Change and delete what others posted. */
  editPosts: ['admin'],
  /** See everybody in the house, with what they are. */
  seePeople: ['admin', 'moderator'],
  /** Ban and pardon whoever stands below oneself. */
  ban: ['admin', 'moderator'],
  /** Give whoever stands below oneself a role below one's own. */
  changeRoles: ['admin'],
  /** Make a link by which somebody below oneself sets a new password. */
  issueResetLinks: ['admin'],
  readAudit: ['admin'],
} as const satisfies Record<string, readonly Exclude<Role, 'owner' | 'member'>[]>;

export type Permission = keyof typeof permissions;

const ranks: Record<Role, number> = { owner: 3, admin: 2, moderator: 1, member: 0 };

export function can(role: Role, permission: Permission): boolean {
  const roles: readonly Role[] = permissions[permission];
  return role === 'owner' || roles.includes(role);
}

/** Whether the first stands above the second: nobody acts on somebody of their own role or above. */
export function outranks(actor: Role, subject: Role): boolean {
  return ranks[actor] > ranks[subject];
}
