import { setTimeout as delay } from 'node:timers/promises';
import type { Chatter } from './chatter.ts';
import type { Fleet } from './fleet.ts';
import type { House } from './house.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Milliseconds between two endings. */
const interval = 2_000;
const enoughPeople = 4;

/** Ends logins and memberships, all the time, whatever else is going on. */
export class Warden {
  readonly #house: House;
  readonly #fleet: Fleet;
  readonly #random: SeededRandom;

  constructor(house: House, fleet: Fleet, random: SeededRandom) {
    this.#house = house;
    this.#fleet = fleet;
    this.#random = random;
  }

  async walk(signal: AbortSignal): Promise<void> {
    for (let round = 0; !signal.aborted; round += 1) {
      await delay(interval, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const [chatter] = this.pick(() => true, 1);
      if (chatter === undefined) continue;
      if (round % 2 === 0) await this.revoke(chatter);
      else await this.remove(chatter);
    }
  }

  /** Some who are connected, and of whom nothing was ended yet. */
  pick(suits: (chatter: Chatter) => boolean, count: number): Chatter[] {
    return this.#random.pickSome(
      this.#fleet.chatters.filter((chatter) => chatter.isHere && suits(chatter)),
      count,
    );
  }

  /** Past every node, so that none knows of it but by the log. It may fail while there is no database. */
  async revoke(chatter: Chatter): Promise<void> {
    const end = `DELETE FROM session WHERE id = $1 RETURNING id`;
    const ended = await this.#house.sql(end, [chatter.session]).catch(() => []);
    if (ended.length > 0) chatter.isRevoked = true;
  }

  /** By a node that is well; where none is, or it fails, the room's history tells whether it happened. */
  async remove(chatter: Chatter): Promise<void> {
    const node = this.#house.nodes.find(({ isWell }) => isWell);
    const open = [...chatter.rooms.values()].filter(({ snapshot }) => snapshot.state === 'live');
    const [room] = this.#random.pickSome(open, 1);
    if (node === undefined || room === undefined || room.snapshot.presentCount < enoughPeople) return;
    await fetch(`${node.origin}/api/rooms/${room.id}/members/${chatter.person}`, {
      method: 'DELETE',
      headers: { cookie: this.#fleet.owner.cookie },
      signal: AbortSignal.timeout(10_000),
    }).catch(() => undefined);
  }
}
