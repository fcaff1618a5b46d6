import { setTimeout } from 'node:timers/promises';
import { Audience, writeNumbered } from './audience.ts';
import type { Dialect } from './dialect.ts';
import type { Member } from './member.ts';
import { awaitPatiently } from './patience.ts';

/** Milliseconds of each message, from its sending until the last member on that node had it. */
export type Latencies = { near: number[]; far: number[] };
export type Pace = { atOnce: number; aSecond: number; milliseconds: number };
type Language = Pick<Dialect, 'encode' | 'isMessage'>;
type Message = { sentAt: number; isAwaitedOn: Set<keyof Latencies>; heard(): void };

/** What some members on the near node say to a room whose members are on one node or two. */
export class Conversation {
  readonly latencies: Latencies = { near: [], far: [] };
  readonly #dialect: Language;
  readonly #sides: (keyof Latencies)[];
  readonly #near: readonly Member[];
  readonly #messages: Message[] = [];

  constructor(members: { near: readonly Member[]; far: readonly Member[] }, dialect: Language) {
    this.#dialect = dialect;
    this.#near = members.near;
    this.#sides = (['near', 'far'] as const).filter((side) => members[side].length > 0);
    for (const side of this.#sides) new Audience(members[side], dialect, (number) => this.#noteHeard(number, side));
  }

  get messages(): number {
    return this.#messages.length;
  }

  /** So many at once, so often a second, whoever has heard them. Resolves when everybody has heard everything. */
  async speak({ atOnce, aSecond, milliseconds }: Pace): Promise<void> {
    const speakers = this.#pick(atOnce);
    const said: Promise<void>[] = [];
    const from = performance.now();
    for (let time = 0; time < milliseconds; time += 1_000 / aSecond) {
      await setTimeout(Math.max(0, from + time - performance.now()));
      said.push(...speakers.map((speaker) => this.#say(speaker)));
    }
    const end = Promise.all(said).then(() => undefined);
    await awaitPatiently(end, 0, () => `${this.#countUnheard()} messages did not reach everybody`);
  }

  #countUnheard(): number {
    return this.#messages.filter(({ isAwaitedOn }) => isAwaitedOn.size > 0).length;
  }

  /** Some of the near members, from all over them. */
  #pick(count: number): Member[] {
    const stride = Math.floor(this.#near.length / count);
    return this.#near.filter((_, i) => i % stride === 0).slice(0, count);
  }

  #say(speaker: Member): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const body = writeNumbered(this.#messages.length);
    this.#messages.push({ sentAt: performance.now(), isAwaitedOn: new Set(this.#sides), heard: resolve });
    speaker.send(this.#dialect.encode(body));
    return promise;
  }

  #noteHeard(number: number, side: keyof Latencies): void {
    const message = this.#messages[number];
    if (!message?.isAwaitedOn.delete(side)) throw new Error('a message came that nobody sent, or came twice');
    this.latencies[side].push(performance.now() - message.sentAt);
    if (message.isAwaitedOn.size === 0) message.heard();
  }
}
