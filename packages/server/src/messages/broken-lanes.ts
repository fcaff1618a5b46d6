import { ParlourError } from '@parlour/protocol/errors';

/**
 * Lanes, that is connections, in which a send failed for want of storage, with the turn it failed in: what waits behind it
 * fails too, so that a connection's messages never overtake each other (I2). Lane 0 is nobody's.
 */
export class BrokenLanes {
  readonly #turns = new Map<number, number>();

  /** Throws `out_of_turn`. */
  check(lane: number, turn: number): void {
    const broken = this.#turns.get(lane);
    if (broken === undefined) return;
    if (turn <= broken)
      throw new ParlourError('out_of_turn', 'An earlier message could not be stored, so this one waits.');
    this.#turns.delete(lane);
  }

  fail(lane: number, turn: number): void {
    if (lane !== 0) this.#turns.set(lane, turn);
  }
}
