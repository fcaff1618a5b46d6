import type { Dialect } from './dialect.ts';
import type { Member } from './member.ts';

export type TalkOptions = { inFlight: number; milliseconds: number };
export type TalkResult = {
  messages: number;
  milliseconds: number;
  /** Of each message, from its sending until the last member had it, in milliseconds. */
  latencies: number[];
};

const bodyBytes = 200;
const numbered = /#(\d{10})#/;

/**
 * Lets some members talk for a while: each says something, and something again once everybody has received it, so that
 * as many messages are in flight as there are speakers. Every member receives all messages in the same order, so it is
 * enough that the first one reads which is which, and that all count.
 */
export class Talk {
  readonly #members: readonly Member[];
  readonly #dialect: Dialect;
  readonly #sentAt: number[] = [];
  readonly #latencies: number[] = [];
  /** How many members have received the nth message. */
  readonly #counts: number[] = [];
  /** Which number the nth message has that was received. */
  readonly #order: number[] = [];
  readonly #speakers: Member[] = [];
  #end = 0;
  #done: (() => void) | undefined;

  constructor(members: readonly Member[], dialect: Dialect) {
    this.#members = members;
    this.#dialect = dialect;
  }

  async run({ inFlight, milliseconds }: TalkOptions): Promise<TalkResult> {
    for (const [i, member] of this.#members.entries()) this.#listen(member, i === 0);
    const started = performance.now();
    this.#end = started + milliseconds;
    const finished = new Promise<void>((resolve) => {
      this.#done = resolve;
    });
    const stride = Math.floor(this.#members.length / inFlight);
    for (let i = 0; i < inFlight; i++) {
      const speaker = this.#members[i * stride];
      if (speaker !== undefined) this.#say(speaker);
    }
    await finished;
    return {
      messages: this.#sentAt.length,
      milliseconds: performance.now() - started,
      latencies: this.#latencies,
    };
  }

  #listen(member: Member, isFirst: boolean): void {
    const { isMessage } = this.#dialect;
    let received = 0;
    member.onText = (data, start, end) => {
      if (!isMessage(data, start, end)) return false;
      if (isFirst) this.#order.push(Number(numbered.exec(data.toString('latin1', start, end))?.[1]));
      this.#count(received++);
      return true;
    };
  }

  #say(speaker: Member): void {
    const number = this.#sentAt.length;
    const body = `#${String(number).padStart(10, '0')}#`.padEnd(bodyBytes, 'x');
    this.#speakers.push(speaker);
    this.#sentAt.push(performance.now());
    speaker.send(this.#dialect.encode(body));
  }

  #count(nth: number): void {
    const count = (this.#counts[nth] ?? 0) + 1;
    this.#counts[nth] = count;
    if (count < this.#members.length) return;
    const number = this.#order[nth] ?? Number.NaN;
    const [sentAt, speaker] = [this.#sentAt[number], this.#speakers[number]];
    if (sentAt === undefined || speaker === undefined) throw new Error('a message came that nobody sent');
    const now = performance.now();
    this.#latencies.push(now - sentAt);
    if (now < this.#end) this.#say(speaker);
    else if (this.#latencies.length === this.#sentAt.length) this.#done?.();
  }
}
