import type { Calendar } from './calendar.ts';
import { type PersonKey, personKeys } from './people.ts';
import { Phrases, type Words } from './phrases.ts';
import { Deck, type Random } from './random.ts';
import { type DemoRoom, days, isMember } from './rooms.ts';
import { readRemarks, readScenes, type Scene } from './scenes.ts';

type Line = { who: PersonKey; text: string };
export type Saying = Line & { at: number };

const second = 1_000;
const minute = 60 * second;
const reactionChance = 0.42;
/** Every so many conversations are about nothing in particular. */
const commonChance = 0.3;
/** Shorter texts may well be said twice. */
const memorable = 25;
const attempts = 5;

export type TalkOptions = { calendar: Calendar; random: Random; words: Words; common: Deck<Scene> };

/** Everything that is said in one room, from its first day until now. */
export class TalkPlan {
  readonly #room: DemoRoom;
  readonly #options: TalkOptions;
  readonly #reactions = readRemarks('reactions');
  readonly #said = new Set<string>();

  constructor(room: DemoRoom, options: TalkOptions) {
    this.#room = room;
    this.#options = options;
  }

  make(): Saying[] {
    if (this.#room.scenes === undefined) return [];
    const { any, today } = readScenes(this.#room.scenes);
    const latest = this.#playToday(today);
    const before = this.#playDays(any);
    const start = (latest[0]?.at ?? this.#options.calendar.now) - 10 * minute;
    return [...before.filter(({ at }) => at < start), ...latest];
  }

  #playDays(scenes: readonly Scene[]): Saying[] {
    const { calendar, random, common } = this.#options;
    const deck = new Deck(scenes, random);
    const sayings: Saying[] = [];
    for (let day = this.#room.since ?? 0; day < days; day++) {
      const busyness = this.#room.scenesADay * (calendar.isWeekend(day) ? 0.5 : 1.15) * (0.7 + 0.6 * random.next());
      const count = Math.floor(busyness) + (random.chance(busyness % 1) ? 1 : 0);
      const present = personKeys.filter((key) => isMember(this.#room, key, day));
      let free = 0;
      for (const at of this.#startTimes(day, count)) {
        const scene = random.chance(commonChance) ? common.deal() : deck.deal();
        const played = this.#play(scene, present, Math.max(at, free + 3 * minute));
        sayings.push(...played);
        free = sayings.at(-1)?.at ?? 0;
      }
    }
    return sayings;
  }

  /** From eight in the morning to ten in the evening, most of it in the middle. */
  #startTimes(day: number, count: number): number[] {
    const { calendar, random } = this.#options;
    const hours = Array.from({ length: count }, () => 8 + 14 * ((random.next() + random.next() + random.next()) / 3));
    return hours.sort((a, b) => a - b).map((hour) => calendar.at(day, hour) + random.between(0, 59) * second);
  }

  /** Backwards from now, so that whoever opens the room finds people who have just spoken. */
  #playToday(scenes: readonly Scene[]): Saying[] {
    const { calendar, random } = this.#options;
    const sayings: Saying[] = [];
    let end = calendar.minutesAgo(this.#room.silentFor);
    for (const scene of scenes.toReversed()) {
      const played = this.#play(scene, [], 0, false);
      const shift = end - (played.at(-1)?.at ?? 0);
      sayings.unshift(...played.map((saying) => ({ ...saying, at: saying.at + shift })));
      end = (sayings[0]?.at ?? end) - random.between(40, 110) * minute;
    }
    return sayings;
  }

  #play(scene: Scene, present: readonly PersonKey[], start: number, withReactions = true): Saying[] {
    const sayings: Saying[] = [];
    let at = start;
    for (const { who, text } of this.#perform(scene, present)) {
      at += this.#pause(sayings.at(-1), who, text);
      sayings.push({ at, who, text });
      this.#said.add(text);
    }
    return withReactions ? [...sayings, ...this.#react(sayings, present)] : sayings;
  }

  /** Of some performances the one that repeats least of what was said here before. */
  #perform(scene: Scene, present: readonly PersonKey[]): Line[] {
    const { random, words } = this.#options;
    const performances = Array.from({ length: attempts }, () => {
      const cast = castOf(random.shuffle(present));
      const phrases = new Phrases(words, random, cast);
      const lines = scene.map(({ who, text }) => ({ who: cast.get(who) ?? who, text: phrases.fill(text) }));
      return { lines, repeated: lines.filter(({ text }) => text.length > memorable && this.#said.has(text)).length };
    });
    const [best] = performances.toSorted((a, b) => a.repeated - b.repeated);
    return (best?.lines ?? []) as Line[];
  }

  #pause(last: Saying | undefined, who: PersonKey, text: string): number {
    const { random } = this.#options;
    if (last === undefined) return 0;
    const typing = Math.min(text.length * 120, 90 * second);
    const thinking = last.who === who ? random.between(4, 40) : random.between(15, 200);
    return typing + thinking * second;
  }

  #react(sayings: readonly Saying[], present: readonly PersonKey[]): Saying[] {
    const { random, words } = this.#options;
    const reactions: Saying[] = [];
    let last = sayings.at(-1);
    while (last !== undefined && random.chance(reactionChance)) {
      const { who: before } = last;
      const others = present.filter((key) => key !== before);
      if (others.length === 0) break;
      const phrases = new Phrases(words, random, new Map([['B', before]]));
      const text = phrases.fill(random.pick(this.#reactions));
      last = { at: last.at + random.between(20, 400) * second, who: random.pick(others), text };
      reactions.push(last);
    }
    return reactions;
  }
}

/** In a small room one person plays two parts. */
function castOf(present: readonly PersonKey[]): Map<string, PersonKey> {
  const cast = new Map<string, PersonKey>();
  for (const [i, part] of ['A', 'B', 'C', 'D'].entries()) {
    const key = present[i % present.length];
    if (key !== undefined) cast.set(part, key);
  }
  return cast;
}
