import { readFileSync } from 'node:fs';
import { handleOf } from '@parlour/protocol/mentions';
import { isPerson, type PersonKey, people } from './people.ts';
import type { Random } from './random.ts';

export type Words = ReadonlyMap<string, readonly string[]>;

const innermost = /«([^«»]*)»/;
const mention = /(?<![\w@])@([A-Za-z]+)\b/g;

export function readWords(): Words {
  const text = readFileSync(new URL('./scenes/words.txt', import.meta.url), 'utf8');
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const colon = line.indexOf(': ');
        return [line.slice(0, colon), line.slice(colon + 2).split(' | ')] as const;
      }),
  );
}

/**
 * Makes sentences out of patterns: `«one|another»` is one of the two, `«tool»` a word of that kind, the same one all
 * through a scene (`«tool2»` is another), `«A»` whoever plays A, and `@A` mentions them.
 */
export class Phrases {
  readonly #words: Words;
  readonly #random: Random;
  readonly #cast: ReadonlyMap<string, PersonKey>;
  readonly #chosen = new Map<string, string>();

  constructor(words: Words, random: Random, cast: ReadonlyMap<string, PersonKey>) {
    this.#words = words;
    this.#random = random;
    this.#cast = cast;
  }

  fill(pattern: string): string {
    let text = pattern;
    // From the inside out, so that alternatives may hold words.
    for (let hole = innermost.exec(text); hole !== null; hole = innermost.exec(text)) {
      text = text.slice(0, hole.index) + this.#choose(hole[1] ?? '') + text.slice(hole.index + hole[0].length);
    }
    return text.replaceAll(mention, (whole, name: string) => {
      const person = this.#cast.get(name) ?? name;
      return isPerson(person) ? `@${handleOf(people[person])}` : whole;
    });
  }

  #choose(hole: string): string {
    if (hole.includes('|')) return this.#random.pick(hole.split('|'));
    const played = this.#cast.get(hole);
    if (played !== undefined) return people[played].split(' ', 1)[0] ?? '';
    const known = this.#chosen.get(hole);
    if (known !== undefined) return known;
    const words = this.#words.get(hole.replace(/\d$/, ''));
    if (words === undefined) throw new Error(`there are no words for «${hole}»`);
    const taken = new Set(this.#chosen.values());
    const fresh = words.filter((word) => !taken.has(word));
    const word = this.#random.pick(fresh.length > 0 ? fresh : words);
    this.#chosen.set(hole, word);
    return word;
  }
}
