import type { Visitor } from '../packages/server/test/visitor.ts';
import { Chatter } from './chatter.ts';
import type { House } from './house.ts';
import type { Ledger } from './ledger.ts';
import { addLogin, addPeople, type Login, signUpOwner } from './people.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { Switch } from './switch-off.ts';

const roomsOfOne = 3;
/** What one client says on average, in milliseconds between two. */
const pause = 4_000;

export type FleetOptions = {
  house: House;
  ledger: Ledger;
  random: SeededRandom;
  clients: number;
  rooms: number;
  without?: Switch | undefined;
};

/** All clients of a run, and the rooms that they talk in. */
export class Fleet {
  readonly owner: Visitor;
  readonly rooms: readonly string[];
  readonly #options: FleetOptions;
  readonly #ended: Chatter[] = [];
  #chatters: Chatter[] = [];
  #talk: NodeJS.Timeout | undefined;
  #said = 0;

  private constructor(options: FleetOptions, owner: Visitor, rooms: readonly string[]) {
    this.#options = options;
    this.owner = owner;
    this.rooms = rooms;
  }

  static async gather(options: FleetOptions): Promise<Fleet> {
    const { house, clients, rooms: roomCount, random } = options;
    const owner = await signUpOwner(house);
    const rooms: string[] = [];
    for (let i = 0; i < roomCount; i += 1) rooms.push((await owner.createRoom(`Room ${i}`)).id);
    const fleet = new Fleet(options, owner, rooms);
    for (const login of await addPeople(house, owner, clients)) {
      const own = random.pickSome(rooms, roomsOfOne);
      await Promise.all(own.map((room) => becomeMember(house, login, room)));
      fleet.#open(login, own);
    }
    return fleet;
  }

  /** Those whose login lives, as far as they were not replaced yet. */
  get chatters(): readonly Chatter[] {
    return this.#chatters;
  }

  /** Those whose login was ended, too. */
  get everybody(): readonly Chatter[] {
    return [...this.#ended, ...this.#chatters];
  }

  talk(): void {
    this.#talk ??= setInterval(() => this.#sayOne(), pause / this.#options.clients);
  }

  hush(): void {
    clearInterval(this.#talk);
    this.#talk = undefined;
  }

  /**
   * After an outage everybody may hang on the node that was there first, and what is done to another would hit nobody.
   * Then half of them come back, to whichever node is next.
   */
  spread(): void {
    const { house, random } = this.#options;
    const counts = house.nodes.map(({ port }) => this.#chatters.filter(({ node }) => node.endsWith(`:${port}`)).length);
    if (Math.min(...counts) * 6 >= this.#chatters.length) return;
    for (const chatter of random.pickSome(this.#chatters, this.#chatters.length / 2)) {
      chatter.leave();
      chatter.comeBack();
    }
  }

  /** Whoever was signed out signs in again, on a fresh page that knows nothing. */
  async replaceRevoked(): Promise<void> {
    const { house } = this.#options;
    const revoked = this.#chatters.filter(({ isRevoked }) => isRevoked);
    this.#chatters = this.#chatters.filter(({ isRevoked }) => !isRevoked);
    for (const chatter of revoked) {
      this.#ended.push(chatter);
      const rooms = [...chatter.rooms].filter(([, { snapshot }]) => snapshot.state !== 'refused').map(([room]) => room);
      chatter.close();
      const member = await house.sql<{ id: string }>(
        'SELECT id FROM rooms JOIN members ON members.room = rooms.number WHERE "user" = $1 AND id = ANY($2)',
        [chatter.person, rooms],
      );
      this.#open(
        await addLogin(house, this.owner, chatter.person),
        member.map(({ id }) => id),
      );
    }
  }

  close(): void {
    this.hush();
    for (const chatter of this.everybody) chatter.close();
  }

  #open(login: Login, rooms: readonly string[]): void {
    const { house, ledger, random, without } = this.#options;
    const chatter = new Chatter({ origin: house.origin, login, ledger, random, without });
    for (const room of rooms) chatter.enter(room);
    chatter.client.connect();
    this.#chatters.push(chatter);
  }

  #sayOne(): void {
    const { random } = this.#options;
    const chatter = random.pick(this.#chatters);
    const rooms = [...chatter.rooms.values()].filter(({ snapshot }) => snapshot.state !== 'refused');
    if (!chatter.isAttended || rooms.length === 0) return;
    this.#said += 1;
    chatter.say(random.pick(rooms).id, `${chatter.name} says ${this.#said}`);
  }
}

async function becomeMember(house: House, { cookie }: Login, room: string): Promise<void> {
  const headers = { cookie, 'content-type': 'application/json' };
  const response = await fetch(`${house.origin}/api/rooms/${room}/join`, { method: 'POST', headers, body: '{}' });
  if (!response.ok) throw new Error(`joining a room: ${response.status} ${await response.text()}`);
}
