const bodyBytes = 200;
const digits = 10;
const mark = '#'.charCodeAt(0);
const zero = '0'.charCodeAt(0);

/**
 * Numbers messages and counts who has received which, in whatever order they come: servers with several threads bring
 * them to different members in different orders.
 */
export class Tally {
  /** Of each message that everybody has, from its sending until then, in milliseconds. */
  readonly latencies: number[] = [];
  readonly #onComplete: (number: number) => void;
  readonly #sentAt: number[] = [];
  /** How many have not received a message yet. */
  readonly #missing: number[] = [];
  /** Where in a message its body began last; mostly the next one's begins there too. */
  #offset = 0;

  /** `onComplete` is called with a message's number when the last of those who should have it does. */
  constructor(onComplete: (number: number) => void = () => undefined) {
    this.#onComplete = onComplete;
  }

  get messages(): number {
    return this.#sentAt.length;
  }

  /** Whether everybody has everything. */
  get isComplete(): boolean {
    return this.latencies.length === this.messages;
  }

  /** The body of the next message, which so many will receive. It counts as sent from now on. */
  write(readers: number): string {
    const number = this.#sentAt.length;
    this.#missing.push(readers);
    this.#sentAt.push(performance.now());
    return `#${String(number).padStart(digits, '0')}#`.padEnd(bodyBytes, 'x');
  }

  /** Takes a message from one reader's socket. */
  receive(data: Buffer, start: number): void {
    if (data[start + this.#offset] !== mark) this.#offset = data.indexOf(mark, start) - start;
    const number = readNumber(data, start + this.#offset + 1);
    const missing = (this.#missing[number] ?? Number.NaN) - 1;
    this.#missing[number] = missing;
    if (missing > 0) return;
    const sentAt = this.#sentAt[number];
    if (missing !== 0 || sentAt === undefined) throw new Error('a message came twice, or that nobody sent');
    this.latencies.push(performance.now() - sentAt);
    this.#onComplete(number);
  }
}

function readNumber(data: Buffer, start: number): number {
  let number = 0;
  for (let at = start; at < start + digits; at += 1) number = number * 10 + (data[at] ?? 0) - zero;
  return number;
}
