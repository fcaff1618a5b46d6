import type { MemberEvent } from '@parlour/protocol/events';

/** What happened, in a sentence without its time. */
export function describeMemberEvent({ change, user, by }: MemberEvent): string {
  if (change === 'created') return `${user.name} made this room`;
  if (change === 'joined') return `${user.name} joined`;
  if (change === 'invited') return `${user.name} joined by invite`;
  if (change === 'added') return by ? `${by.name} added ${user.name}` : `${user.name} was added`;
  if (change === 'left') return `${user.name} left`;
  return by ? `${by.name} removed ${user.name}` : `${user.name} was removed`;
}
