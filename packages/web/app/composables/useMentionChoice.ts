import type { Person } from '@parlour/protocol/events';
import { handleOf } from '@parlour/protocol/mentions';
import { findMentioned, findMentionQuery, type MentionQuery } from '../text/find-mention-query.ts';

/** Offers people while somebody writes `@…` in a field, and puts the chosen one's handle there. */
export function useMentionChoice(
  field: Readonly<Ref<HTMLTextAreaElement | null>>,
  people: () => readonly Person[],
  onChosen: () => void,
) {
  const asked = ref<MentionQuery>();
  const active = ref(0);
  const choices = computed(() => (asked.value ? findMentioned(people(), asked.value.query) : []));

  function look(): void {
    const element = field.value;
    const found =
      element && element.selectionStart === element.selectionEnd
        ? findMentionQuery(element.value, element.selectionStart)
        : undefined;
    if (found?.query !== asked.value?.query) active.value = 0;
    asked.value = found;
  }

  function close(): void {
    asked.value = undefined;
  }

  function choose(person: Person): void {
    const element = field.value;
    if (!element || !asked.value) return;
    const { start, query } = asked.value;
    element.setRangeText(`@${handleOf(person.name)} `, start, start + 1 + query.length, 'end');
    close();
    element.focus();
    onChosen();
  }

  /** Takes the keys that the list of people needs. Tells whether it took this one. */
  function takeKey({ key }: KeyboardEvent): boolean {
    const count = choices.value.length;
    if (count === 0) return false;
    const chosen = choices.value[active.value];
    if (key === 'ArrowDown') active.value = (active.value + 1) % count;
    else if (key === 'ArrowUp') active.value = (active.value + count - 1) % count;
    else if (key === 'Escape') close();
    else if ((key === 'Enter' || key === 'Tab') && chosen) choose(chosen);
    else return false;
    return true;
  }

  return { choices, active, look, close, choose, takeKey };
}
