import type { Dialect } from './dialect.ts';
import type { Member } from './member.ts';

const numbered = /#(\d{10})#/;
const bodyBytes = 200;

export function writeNumbered(number: number): string {
  return `#${String(number).padStart(10, '0')}#`.padEnd(bodyBytes, 'x');
}

/**
 * The members of a room on one node. All of them receive the same messages in the same order, so it is enough that the
 * first one reads which is which, and that all count.
 */
export class Audience {
  readonly #size: number;
  readonly #onHeard: (number: number) => void;
  /** How many members have received the nth message. */
  readonly #counts: number[] = [];
  /** Which number the nth message has that was received. */
  readonly #order: number[] = [];

  /** `onHeard` is called with a message's number when the last member has it. */
  constructor(
    members: readonly Member[],
    { isMessage }: Pick<Dialect, 'isMessage'>,
    onHeard: (number: number) => void,
  ) {
    this.#size = members.length;
    this.#onHeard = onHeard;
    for (const [i, member] of members.entries()) {
      let received = 0;
      member.onText = (data, start, end) => {
        if (!isMessage(data, start, end)) return false;
        if (i === 0) this.#order.push(Number(numbered.exec(data.toString('latin1', start, end))?.[1]));
        this.#count(received++);
        return true;
      };
    }
  }

  #count(nth: number): void {
    const count = (this.#counts[nth] ?? 0) + 1;
    this.#counts[nth] = count;
    if (count === this.#size) this.#onHeard(this.#order[nth] ?? Number.NaN);
  }
}
