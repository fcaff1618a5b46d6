import type { Page } from '@parlour/protocol/paging';
import type { HouseMember } from '@parlour/protocol/people';
import { readFailure } from '../session/read-failure.ts';

/** Long enough for a name to be typed on, in milliseconds. */
const pause = 150;

/** Everybody in the house, searched by name and loaded page by page. */
export async function usePeople() {
  const api = useApi();
  const wanted = ref('');
  const failure = ref('');
  const busy = ref(false);
  const find = (cursor?: string) =>
    api.get<Page<HouseMember>>('/api/people', { query: wanted.value.trim() || undefined, cursor });
  const { data: first } = await usePageData('people', () => find());
  const people = ref<HouseMember[]>(first.value.items);
  const next = ref(first.value.next);
  let latest = 0;

  /** The answer to what was asked last counts; others come too late. */
  async function show(cursor?: string): Promise<void> {
    latest += 1;
    const own = latest;
    busy.value = true;
    failure.value = '';
    try {
      const page = await find(cursor);
      if (own !== latest) return;
      people.value = cursor === undefined ? page.items : [...people.value, ...page.items];
      next.value = page.next;
    } catch (error) {
      if (own === latest) failure.value = readFailure(error).message;
    } finally {
      if (own === latest) busy.value = false;
    }
  }

  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(wanted, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void show(), pause);
  });
  onBeforeUnmount(() => clearTimeout(timer));

  function patch(id: string, change: Partial<HouseMember>): void {
    people.value = people.value.map((person) => (person.id === id ? { ...person, ...change } : person));
  }

  return {
    wanted,
    people,
    next,
    busy,
    failure,
    patch,
    reload: () => show(),
    more: () => show(next.value ?? undefined),
  };
}
