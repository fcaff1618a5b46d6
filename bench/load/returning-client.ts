import { setTimeout } from 'node:timers/promises';
import { Backoff } from '../../packages/client/src/connection/backoff.ts';
import type { Member, TextListener } from './member.ts';
import type { Crowd } from './passes.ts';

const attemptMaximum = 30;
const code = (character: string) => character.charCodeAt(0);
/** `{"type":"event"`, told from few bytes. */
export const isEvent: TextListener<boolean> = (data, start) =>
  data[start + 9] === code('e') && data[start + 10] === code('v');

export type ReturningHooks = {
  /** A number from 0 to 1 that spreads the clients: the same in each run. */
  random(): number;
  /** It is back and has what it missed. */
  onBack(): void;
};

/** A client that comes back by itself when its server is gone, on the schedule of Parlour's own client. */
export class ReturningClient {
  attempts = 0;
  readonly #crowd: Crowd;
  readonly #number: number;
  readonly #hooks: ReturningHooks;
  readonly #backoff: Backoff;
  #member: Member | undefined;
  /** The last event that it has. */
  #seq: number | undefined;
  #awaited = 0;
  #isBack = true;

  constructor(crowd: Crowd, number: number, hooks: ReturningHooks) {
    this.#crowd = crowd;
    this.#number = number;
    this.#hooks = hooks;
    this.#backoff = new Backoff(hooks.random);
  }

  get member(): Member {
    if (this.#member === undefined) throw new Error('this client has not entered');
    return this.#member;
  }

  /** Tries until the server takes it, as every client does. */
  async enter(): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      this.attempts += 1;
      try {
        const { member, seq } = await this.#crowd.enter(this.#number, this.#seq);
        this.#seq ??= seq;
        this.#backoff.reset();
        this.#take(member);
        return;
      } catch (error) {
        if (attempt === attemptMaximum) throw error;
        await setTimeout(this.#backoff.next());
      }
    }
  }

  /** The server will be gone, and so many events be missed. */
  expectLoss(missed: number): void {
    this.#awaited = missed;
    this.#isBack = false;
  }

  /** It has had events that somebody else counted. */
  skip(events: number): void {
    this.#seq = (this.#seq ?? 0) + events;
    this.#listen();
  }

  #take(member: Member): void {
    this.#member = member;
    member.onGone = () => void this.#comeBack();
    this.#listen();
    const early = member.takeTexts().filter((text) => text.startsWith('{"type":"event"')).length;
    this.#count(early);
  }

  #listen(): void {
    this.member.onText = (data, start, end) => {
      if (!isEvent(data, start, end)) return false;
      this.#count(1);
      return true;
    };
  }

  async #comeBack(): Promise<void> {
    await setTimeout(this.#backoff.next());
    await this.enter();
  }

  #count(events: number): void {
    this.#seq = (this.#seq ?? 0) + events;
    this.#awaited -= events;
    if (this.#isBack || this.#awaited > 0) return;
    this.#isBack = true;
    this.#hooks.onBack();
  }
}
