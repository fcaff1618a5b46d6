import type { Page } from '@parlour/protocol/paging';
import type { Member, Room } from '@parlour/protocol/rooms';

/** A room's members: with the page where the server renders it, afterwards without holding the page up. */
export function useMembers(roomId: string) {
  const api = useApi();
  return useLazyAsyncData(`members-${roomId}`, async () => {
    const members: Member[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<Member> = await api.get(`/api/rooms/${roomId}/members`, { cursor, limit: 100 });
      members.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return members;
  });
}

/** Whether somebody looks after a room: its owner, and those who look after the house. The server decides. */
export function useCanManage(room: () => Room): ComputedRef<boolean> {
  const may = useMay('manageRooms');
  return computed(() => room().role === 'owner' || may.value);
}
