import type { Say } from './benchmark.ts';
import type { Contender, Round } from './contender.ts';
import type { LoadOrder } from './load/load.ts';
import type { PeerName } from './peers/peer-name.ts';

/** What several servers are to do one after another. */
export type Stage = { contenders: readonly Contender[]; order: LoadOrder };
/** What they measured, by their names; the nth round of each was measured at about the same time. */
export type Rounds = Partial<Record<PeerName, Round[]>>;

export type Turns = {
  rounds: number;
  /** Discarded: what comes first is run by code that was not compiled yet. */
  warmUps: number;
};

/**
 * Measures every stage in every round, and begins each round with another server, so that what else the machine does meets
 * all of them alike.
 */
export async function measureInTurns(
  stages: readonly Stage[],
  { rounds, warmUps }: Turns,
  say: Say,
): Promise<Rounds[]> {
  const results = stages.map(({ contenders }): Rounds => Object.fromEntries(contenders.map(({ name }) => [name, []])));
  for (let number = -warmUps; number < rounds; number += 1) {
    say(number < 0 ? 'warming up …' : `round ${number + 1} of ${rounds} …`);
    for (const [i, { contenders, order }] of stages.entries()) {
      const turn = Math.max(0, number) % contenders.length;
      for (const contender of [...contenders.slice(turn), ...contenders.slice(0, turn)]) {
        const round = await contender.measure(order);
        if (number >= 0) results[i]?.[contender.name]?.push(round);
      }
    }
  }
  return results;
}
