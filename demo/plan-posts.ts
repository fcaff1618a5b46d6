import { readdirSync, readFileSync } from 'node:fs';
import type { Calendar } from './calendar.ts';
import { isPerson, type PersonKey } from './people.ts';
import { Phrases, type Words } from './phrases.ts';
import { Deck, type Random } from './random.ts';
import { days } from './rooms.ts';

export type PlannedPost = { at: number; who: PersonKey; title: string; body: string };

const folder = new URL('./posts/', import.meta.url);
const dayLog = 'day-log.txt';
const heading = /^(\w+), (\d+) days ago\n(.+)\n\n/;
const keepers: readonly PersonKey[] = ['linus', 'amara', 'wren', 'emmy', 'tomas'];

/** The written ones, and a log for every second day of the workshop. In the order of their time. */
export function planPosts(calendar: Calendar, random: Random, words: Words): PlannedPost[] {
  const written = readdirSync(folder)
    .filter((name) => name !== dayLog)
    .map((name) => parsePost(readFileSync(new URL(name, folder), 'utf8'), calendar, random));
  return [...written, ...planLogs(calendar, random, words)].sort((a, b) => a.at - b.at);
}

function parsePost(text: string, calendar: Calendar, random: Random): PlannedPost {
  const [head, who = '', daysAgo, title = ''] = heading.exec(text) ?? [];
  if (head === undefined || !isPerson(who)) throw new Error(`a post begins without a heading: ${text.slice(0, 40)}`);
  const at = calendar.at(days - Number(daysAgo), 10 + 9 * random.next());
  return { at, who, title, body: text.slice(head.length).trim() };
}

function planLogs(calendar: Calendar, random: Random, words: Words): PlannedPost[] {
  const deck = new Deck(readFileSync(new URL(dayLog, folder), 'utf8').split('\n---\n'), random);
  return Array.from({ length: days / 2 }, (_, i) => {
    const day = 2 * i + 1;
    const at = calendar.at(day, 21.5 + random.next());
    const title = `Day log, ${new Date(at).toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long' })}`;
    const body = new Phrases(words, random, new Map()).fill(deck.deal().trim());
    return { at, who: random.pick(keepers), title, body };
  });
}
