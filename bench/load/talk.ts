import type { Dialect } from './dialect.ts';
import { listen } from './listen.ts';
import type { Member } from './member.ts';
import { awaitPatiently } from './patience.ts';
import { Tally } from './tally.ts';

export type TalkOptions = { inFlight: number; milliseconds: number };
export type TalkResult = {
  messages: number;
  deliveries: number;
  milliseconds: number;
  /** Of each message, from its sending until the last member had it, in milliseconds. */
  latencies: number[];
};

type Language = Pick<Dialect, 'encode' | 'isMessage' | 'isError' | 'split'>;

/**
 * Lets some members of a room talk for a while: each says something, and something again once everybody has received it,
 * so that as many messages are in flight as there are speakers.
 */
export class Talk {
  readonly #members: readonly Member[];
  readonly #dialect: Language;
  readonly #speakers: Member[] = [];
  readonly #tally = new Tally((number) => this.#goOn(number));
  #end = 0;
  #done: (() => void) | undefined;

  constructor(members: readonly Member[], dialect: Language) {
    this.#members = members;
    this.#dialect = dialect;
  }

  async run({ inFlight, milliseconds }: TalkOptions): Promise<TalkResult> {
    const onMessage = (data: Buffer, start: number) => this.#tally.receive(data, start);
    for (const member of this.#members) listen(member, this.#dialect, { onMessage });
    const started = performance.now();
    this.#end = started + milliseconds;
    const finished = new Promise<void>((resolve) => {
      this.#done = resolve;
    });
    const stride = Math.floor(this.#members.length / inFlight);
    for (let i = 0; i < inFlight; i++) this.#say(this.#members[i * stride]);
    const { latencies } = this.#tally;
    const missing = () => `${this.#tally.messages - latencies.length} messages did not reach everybody`;
    await awaitPatiently(finished, milliseconds, missing);
    const { messages } = this.#tally;
    return {
      messages,
      deliveries: messages * this.#members.length,
      milliseconds: performance.now() - started,
      latencies,
    };
  }

  #say(speaker: Member | undefined): void {
    if (speaker === undefined) throw new Error('the room is too small for so many messages in flight');
    this.#speakers.push(speaker);
    speaker.send(this.#dialect.encode(this.#tally.write(this.#members.length)));
  }

  #goOn(number: number): void {
    if (performance.now() < this.#end) this.#say(this.#speakers[number]);
    else if (this.#tally.isComplete) this.#done?.();
  }
}
