import type { Page } from '@parlour/protocol/paging';
import type { Session } from '@parlour/protocol/sessions';

/** Every login of the person, this browser's first. */
export async function useDevices() {
  const { data, refresh } = await usePageData('devices', async (api) => {
    const sessions: Session[] = [];
    let cursor: string | undefined;
    do {
      const page: Page<Session> = await api.get('/api/account/sessions', { cursor, limit: 100 });
      sessions.push(...page.items);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    return sessions.toSorted((one, other) => Number(other.current) - Number(one.current));
  });
  return { devices: data, refresh };
}
