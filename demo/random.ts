/** Numbers that look random and are the same each time for one seed (mulberry32), so that the demo is always the same. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Value>(values: readonly Value[]): Value {
    const value = values[this.between(0, values.length - 1)];
    if (value === undefined) throw new Error('there is nothing to pick from');
    return value;
  }

  shuffle<Value>(values: readonly Value[]): Value[] {
    return values
      .map((value) => ({ value, order: this.next() }))
      .sort((a, b) => a.order - b.order)
      .map(({ value }) => value);
  }
}

/** Deals all cards before any comes a second time, and then those first that were not dealt just now. */
export class Deck<Card> {
  readonly #cards: readonly Card[];
  readonly #random: Random;
  #left: Card[] = [];
  readonly #dealt: Card[] = [];

  constructor(cards: readonly Card[], random: Random) {
    this.#cards = cards;
    this.#random = random;
  }

  deal(): Card {
    if (this.#left.length === 0) this.#shuffle();
    const card = this.#left.pop();
    if (card === undefined) throw new Error('the deck is empty');
    this.#dealt.push(card);
    return card;
  }

  #shuffle(): void {
    const justNow = new Set(this.#dealt.splice(0).slice(-this.#cards.length / 2));
    const [late, early] = [(card: Card) => justNow.has(card), (card: Card) => !justNow.has(card)];
    this.#left = [
      ...this.#random.shuffle(this.#cards.filter(late)),
      ...this.#random.shuffle(this.#cards.filter(early)),
    ];
  }
}
