/** Loads what came before whenever the reader comes near the beginning of what is there. */
export function useOlderPages(
  log: Readonly<Ref<HTMLElement | null>>,
  hasOlder: () => boolean,
  fetchOlder: () => Promise<void>,
) {
  const state = ref<'idle' | 'loading' | 'failed'>('idle');
  const isNear = (element: HTMLElement) =>
    element.scrollHeight + element.scrollTop - element.clientHeight < element.clientHeight;

  async function load(): Promise<void> {
    if (state.value === 'loading') return;
    state.value = 'loading';
    try {
      await fetchOlder();
      state.value = 'idle';
      await nextTick();
      check();
    } catch {
      state.value = 'failed';
    }
  }

  function check(): void {
    if (state.value === 'idle' && hasOlder() && log.value && isNear(log.value)) void load();
  }

  onMounted(() => {
    log.value?.addEventListener('scroll', check, { passive: true });
    check();
  });
  watch(hasOlder, () => void nextTick(check));

  return { state, load };
}
