/** How far from the end still counts as being there, in pixels. */
const slack = 48;

/**
 * Where the reader of a log is (A6). The log runs in reverse (`column-reverse`): the browser starts at its end without
 * any script, and what is put in front of the oldest message moves nothing. Only what is appended while the reader is
 * elsewhere has to be made up for.
 */
export function useLogScroll(log: Readonly<Ref<HTMLElement | null>>) {
  const atEnd = ref(true);
  const isAtEnd = (element: HTMLElement) => Math.abs(element.scrollTop) <= slack;

  function look(): void {
    if (log.value) atEnd.value = isAtEnd(log.value);
  }

  function toEnd(): void {
    log.value?.scrollTo({ top: 0 });
    atEnd.value = true;
  }

  /** Runs a change that adds rows after the reader's place and keeps that place. */
  async function keepPlace(): Promise<void> {
    const element = log.value;
    if (!element || isAtEnd(element)) return;
    const { scrollHeight, scrollTop } = element;
    await nextTick();
    element.scrollTop = scrollTop - (element.scrollHeight - scrollHeight);
  }

  return { atEnd, look, toEnd, keepPlace };
}
