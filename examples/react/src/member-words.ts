import type { MemberEvent } from '@parlour/client';

const words: Record<MemberEvent['change'], string> = {
  created: 'made this room',
  joined: 'joined',
  invited: 'joined by invite',
  added: 'was added',
  left: 'left',
  removed: 'was removed',
};

export function tellMember({ user, change }: MemberEvent): string {
  return `${user.name} ${words[change]}`;
}
