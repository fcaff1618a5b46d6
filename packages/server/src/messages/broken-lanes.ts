import { ParlourError } from '@parlour/protocol/errors';

/** Lanes that are remembered; then the first that failed is forgotten, behind which nothing waits any more. */
const kept = 100_000;

/**
 * Lanes, that is connections, in which a send failed for want of storage, with the turn it failed in: what waits behind it
 * fails too, so that a connection's messages never overtake each other (I2). Lane 0 is nobody's.
 */
export class BrokenLanes {
  readonly #turns = new Map<number, number>();

  /** Throws `out_of_turn`. Changes nothing: a batch may be undone, and each of it asked for again. */
  check(lane: number, turn: number): void {
    const broken = this.#turns.get(lane);
    if (broken !== undefined && turn <= broken)
      throw new ParlourError('out_of_turn', 'An earlier message could not be stored, so this one waits.');
  }

  fail(lane: number, turn: number): void {
    if (lane === 0) return;
    this.#turns.delete(lane);
    this.#turns.set(lane, turn);
    const [oldest] = this.#turns.keys();
    if (this.#turns.size > kept && oldest !== undefined) this.#turns.delete(oldest);
  }
}
