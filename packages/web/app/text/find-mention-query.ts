import type { Person } from '@parlour/protocol/events';
import { handleOf } from '@parlour/protocol/mentions';

/** An `@` that somebody is writing a name after: where it stands, and what follows it up to the caret. */
export type MentionQuery = { start: number; query: string };

const beginning = /(?<![\p{L}\p{N}_@/.-])@([\p{L}\p{N}_-]{0,40})$/u;
const shown = 6;

export function findMentionQuery(text: string, caret: number): MentionQuery | undefined {
  const match = beginning.exec(text.slice(0, caret));
  return match === null ? undefined : { start: match.index, query: match[1] ?? '' };
}

/** Those who may be meant: by the beginning of their handle, or of any word of it. */
export function findMentioned(people: readonly Person[], query: string): Person[] {
  const wanted = query.toLowerCase();
  const found = people.filter(({ name }) => {
    const handle = handleOf(name);
    return handle.startsWith(wanted) || handle.includes(`-${wanted}`);
  });
  return found.slice(0, shown);
}
