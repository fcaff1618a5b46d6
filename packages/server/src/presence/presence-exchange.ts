import type { Person } from '@parlour/protocol/events';
import * as v from 'valibot';
import type { Fanout, JsonValue } from '../fanout/fanout.ts';
import { AskedNodes } from './asked-nodes.ts';
import type { PresenceNews, RoomPresence } from './room-presence.ts';

/** Milliseconds. A node that is killed is a ghost for at most the sum of the last two and a look: below 15 s (I8). */
const beatInterval = 2_000;
const silence = 6_000;
const askAgain = 1_000;
/** What was said of a room may be lost: so many times after a change, others can compare, and ask where they differ. */
const compareInterval = 4_000;
const compareTimes = 3;
/** People in one message, so that it fits what the broker is given at once, whatever their names. */
const portion = 200;
/** People of a node that stopped come back on another one within this, and have neither left nor entered. */
const grace = 5_000;

const personSchema = v.object({ id: v.string(), name: v.string() });
const roomMessage = v.variant('kind', [
  v.object({ kind: v.literal('ask') }),
  v.object({ kind: v.literal('here'), people: v.array(personSchema) }),
  v.object({ kind: v.literal('entered'), person: personSchema }),
  v.object({ kind: v.literal('left'), user: v.string() }),
  v.object({ kind: v.literal('digest'), digest: v.string() }),
]);

export type PresenceExchangeOptions = {
  fanout: Pick<Fanout, 'publishPresence' | 'watch' | 'unwatch'>;
  presence(): RoomPresence;
  publishBeat(beat: 'alive' | 'stopping'): void;
};

/** `isGone`: its people were dropped, and would have to be asked for if it came back. */
type Neighbour = { heardAt: number; leaving: NodeJS.Timeout | undefined; isGone?: true };

/**
 * Tells other nodes who came and went here, and keeps what they tell as a lease: a node that is not heard for a while
 * takes its people with it. What is said grows with changes, and with one beat a node, not with people or rooms.
 */
export class PresenceExchange implements PresenceNews {
  readonly #options: PresenceExchangeOptions;
  readonly #neighbours = new Map<string, Neighbour>();
  readonly #asking = new Set<NodeJS.Timeout>();
  /** The rooms that changed here, and how many times more others can compare. */
  readonly #changed = new Map<string, number>();
  readonly #asked = new AskedNodes({
    ask: (room) => this.#say(room, { kind: 'ask' }),
    // One that is not heard at all goes with everybody whom it has, or is asked anew once it is.
    onUnanswered: (room, node) => {
      if (isHeard(this.#neighbours.get(node))) this.#options.presence().replaceElsewhere(node, room, []);
    },
  });
  #timer: NodeJS.Timeout | undefined;
  #comparing: NodeJS.Timeout | undefined;

  constructor(options: PresenceExchangeOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#options.publishBeat('alive');
      this.#endSilent();
    }, beatInterval);
    this.#comparing = setInterval(() => this.#letCompare(), compareInterval);
  }

  stop(): void {
    clearInterval(this.#timer);
    clearInterval(this.#comparing);
    this.#asked.stop();
    for (const { leaving } of this.#neighbours.values()) clearTimeout(leaving);
    for (const again of this.#asking) clearTimeout(again);
    this.#options.publishBeat('stopping');
  }

  opened(room: string): void {
    this.#options.fanout.watch(room);
    this.#say(room, { kind: 'ask' });
    // An answer may come before this node is bound to hear it.
    const again = setTimeout(() => {
      this.#asking.delete(again);
      this.#say(room, { kind: 'ask' });
    }, askAgain);
    this.#asking.add(again);
  }

  closed(room: string): void {
    this.#options.fanout.unwatch(room);
  }

  entered(room: string, { id, name }: Person): void {
    this.#changed.set(room, compareTimes);
    this.#say(room, { kind: 'entered', person: { id, name } });
  }

  left(room: string, user: string): void {
    this.#changed.set(room, compareTimes);
    this.#say(room, { kind: 'left', user });
  }

  /** Others are reached again: what was said meanwhile is lost, at both ends. */
  renew(): void {
    const presence = this.#options.presence();
    const rooms = presence.listRooms();
    this.#asked.ask(new Map(rooms.map((room) => [room, presence.listNodes(room)])));
    for (const room of rooms) this.#answer(room);
  }

  /** False for what makes no sense: a newer node may say more than this one understands. */
  hear(room: string, message: JsonValue, node: string): boolean {
    const parsed = v.safeParse(roomMessage, message);
    if (!parsed.success) return false;
    this.hearBeat(node, 'alive');
    const said = parsed.output;
    const presence = this.#options.presence();
    if (said.kind === 'ask') this.#answer(room);
    else if (said.kind === 'digest') this.#compare(room, node, said.digest);
    else if (said.kind === 'here') {
      this.#asked.answered(room, node);
      presence.replaceElsewhere(node, room, said.people);
    } else if (said.kind === 'entered') {
      // Who else is there still, will be compared.
      this.#asked.answered(room, node);
      presence.enterElsewhere(node, room, said.person);
    } else presence.leaveElsewhere(node, room, said.user);
    return true;
  }

  hearBeat(node: string, beat: 'alive' | 'stopping'): void {
    const found = this.#neighbours.get(node);
    if (beat === 'stopping') {
      this.#end(node);
      return;
    }
    if (found !== undefined && isHeard(found)) {
      found.heardAt = performance.now();
      return;
    }
    clearTimeout(found?.leaving);
    this.#neighbours.set(node, { heardAt: performance.now(), leaving: undefined });
    // Back after a silence, in which it was not heard what it said.
    if (found !== undefined) this.renew();
  }

  #endSilent(): void {
    const since = performance.now() - silence;
    for (const [node, { heardAt, leaving, isGone }] of this.#neighbours) {
      if (leaving === undefined && !isGone && heardAt < since) this.#end(node);
    }
  }

  #end(node: string): void {
    const leaving = setTimeout(() => {
      this.#neighbours.set(node, { heardAt: 0, leaving: undefined, isGone: true });
      this.#options.presence().dropNode(node);
    }, grace);
    clearTimeout(this.#neighbours.get(node)?.leaving);
    this.#neighbours.set(node, { heardAt: 0, leaving });
  }

  /** The answer may come before whoever asked is bound to hear it. */
  #answer(room: string): void {
    if (this.#sayWhoIsHere(room)) this.#changed.set(room, compareTimes);
  }

  #letCompare(): void {
    for (const [room, times] of this.#changed) {
      const people = this.#options.presence().listHere(room);
      if (people.length === 0) this.#say(room, { kind: 'here', people: [] });
      else this.#say(room, { kind: 'digest', digest: digestOf(people.map(({ id }) => id)) });
      if (times > 1) this.#changed.set(room, times - 1);
      else this.#changed.delete(room);
    }
  }

  #compare(room: string, node: string, digest: string): void {
    const believed = this.#options.presence().listAt(node, room);
    if (believed === undefined) return;
    if (digestOf(believed) === digest) this.#asked.answered(room, node);
    else this.#say(room, { kind: 'ask' });
  }

  /** Whether there is anybody. */
  #sayWhoIsHere(room: string): boolean {
    const persons = this.#options
      .presence()
      .listHere(room)
      .map(({ id, name }) => ({ id, name }));
    if (persons.length > 0) this.#say(room, { kind: 'here', people: persons.slice(0, portion) });
    for (const person of persons.slice(portion)) this.#say(room, { kind: 'entered', person });
    return persons.length > 0;
  }

  #say(room: string, message: v.InferOutput<typeof roomMessage>): void {
    this.#options.fanout.publishPresence(room, message);
  }
}

function isHeard(neighbour: Neighbour | undefined): boolean {
  return neighbour !== undefined && neighbour.leaving === undefined && !neighbour.isGone;
}

/** The same for the same people in whatever order. */
function digestOf(users: readonly string[]): string {
  let sum = 0;
  for (const user of users) {
    let hash = 0x811c9dc5;
    for (let i = 0; i < user.length; i += 1) hash = Math.imul(hash ^ user.charCodeAt(i), 0x01000193);
    sum = (sum + hash) | 0;
  }
  return `${users.length}:${sum}`;
}
