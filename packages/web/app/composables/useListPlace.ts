type Place = { count: number; top: number };
type Entry = { current?: string; place?: Place } | null;

/**
 * Where the reader of a list was, and how much of it was loaded, when they left this entry of the browser's history: the
 * way back leads there again.
 */
export function useListPlace(list: Readonly<Ref<HTMLElement | null>>, count: () => number): Place | undefined {
  const { fullPath } = useRoute();
  const place = import.meta.server || useNuxtApp().isHydrating ? undefined : (history.state as Entry)?.place;

  onMounted(() => list.value?.scrollTo({ top: place?.top ?? 0 }));
  onBeforeRouteLeave(() => {
    const entry = history.state as Entry;
    // The browser's own buttons have changed the entry already.
    if (entry?.current !== fullPath) return;
    history.replaceState({ ...entry, place: { count: count(), top: list.value?.scrollTop ?? 0 } }, '');
  });

  return place;
}
