import type { AuditEvent } from '@parlour/protocol/audit';
import type { Page } from '@parlour/protocol/paging';

type Filter = Record<string, string | undefined>;

/** Security events, the newest first: a page with the page, and older ones when asked for. */
export async function useHistory(path: '/api/audit' | '/api/account/history', filter: () => Filter = () => ({})) {
  const api = useApi();
  const load = (cursor?: string) => api.get<Page<AuditEvent>>(path, { ...filter(), cursor });
  const { data: first, refresh } = await usePageData(`history ${path}`, () => load());
  const older = ref<AuditEvent[]>([]);
  const next = ref(first.value.next);
  const events = computed(() => [...first.value.items, ...older.value]);

  const more = useAction(async () => {
    const page = await load(next.value ?? undefined);
    older.value = [...older.value, ...page.items];
    next.value = page.next;
  });

  /** After the filter has changed. */
  async function reload(): Promise<void> {
    await refresh();
    older.value = [];
    next.value = first.value.next;
  }

  return { events, next, more, reload };
}
