import type { Person } from '@parlour/protocol/events';
import type { PresenceFrame } from '@parlour/protocol/frames';
import { limits } from '@parlour/protocol/limits';
import { SmallSet } from '../small-set.ts';

/** `nodes`: the other nodes on which they are. */
type Present = { person: Person; sockets: number; leaving: NodeJS.Timeout | undefined; nodes: SmallSet<string> };
/** `wasListed`: somebody joined in between and was shown what may be undone by now. */
type Change = { wasPresent: boolean; wasListed: boolean };
type RoomState = {
  present: Map<string, Present>;
  changes: Map<string, Change>;
  timer: NodeJS.Timeout | undefined;
  /** Milliseconds in which the next changes are gathered. */
  gather: number;
};

/** What other nodes are to know of this one. */
export type PresenceNews = {
  /** The first socket in the room; and the last one is gone, with its grace. */
  opened(room: string): void;
  closed(room: string): void;
  entered(room: string, person: Person): void;
  left(room: string, user: string): void;
};

export type RoomPresenceOptions = {
  broadcast(room: string, frame: PresenceFrame): void;
  news?: PresenceNews;
  /** Milliseconds that a person stays present without a socket: a reload is no leaving. */
  grace?: number;
  /** Milliseconds in which changes of one room are gathered into one frame; up to eight times as many while a crowd comes. */
  gather?: number;
  /** When a room's changes may be told: rooms to which a crowd comes at the same time must not all be told at once. */
  begin?(): Promise<void>;
};

/** By how much longer changes are gathered at most: everybody in a room hears of everybody else who comes back to it. */
const gatherGrowth = 8;

/** Who is present in which room, by person and never by socket, node or name (I8, fault 17). */
export class RoomPresence {
  readonly #rooms = new Map<string, RoomState>();
  readonly #broadcast: RoomPresenceOptions['broadcast'];
  readonly #news: PresenceNews | undefined;
  readonly #grace: number;
  readonly #gather: number;
  readonly #begin: RoomPresenceOptions['begin'];

  constructor({ broadcast, news, begin, grace = 5_000, gather = 200 }: RoomPresenceOptions) {
    this.#broadcast = broadcast;
    this.#news = news;
    this.#grace = grace;
    this.#gather = gather;
    this.#begin = begin;
  }

  enter(room: string, person: Person): void {
    const present = this.#appear(room, this.#open(room), person);
    const wasHere = isHere(present);
    clearTimeout(present.leaving);
    present.leaving = undefined;
    present.sockets += 1;
    present.person = person;
    if (!wasHere) this.#news?.entered(room, person);
  }

  leave(room: string, person: Person): void {
    const state = this.#rooms.get(room);
    const present = state?.present.get(person.id);
    if (state === undefined || present === undefined) return;
    present.sockets -= 1;
    if (present.sockets > 0) return;
    present.leaving = setTimeout(() => {
      present.leaving = undefined;
      this.#news?.left(room, person.id);
      this.#disappear(room, state, present);
      if (state.timer === undefined) this.#closeIfDeserted(room, state);
    }, this.#grace);
  }

  /** Somebody is on another node. Rooms that nobody here looks at are left alone. */
  enterElsewhere(node: string, room: string, person: Person): void {
    const state = this.#rooms.get(room);
    if (state !== undefined) this.#appear(room, state, person).nodes.add(node);
  }

  leaveElsewhere(node: string, room: string, user: string): void {
    const state = this.#rooms.get(room);
    const present = state?.present.get(user);
    if (state === undefined || !present?.nodes.delete(node)) return;
    this.#disappear(room, state, present);
  }

  /** All whom another node has in a room, in place of what was known of it. */
  replaceElsewhere(node: string, room: string, people: readonly Person[]): void {
    const now = new Set(people.map(({ id }) => id));
    for (const [user, { nodes }] of this.#rooms.get(room)?.present ?? []) {
      if (nodes.has(node) && !now.has(user)) this.leaveElsewhere(node, room, user);
    }
    for (const person of people) this.enterElsewhere(node, room, person);
  }

  /** Another node is gone, and all whom it had with it. */
  dropNode(node: string): void {
    for (const [room, { present }] of this.#rooms) {
      for (const [user, { nodes }] of present) if (nodes.has(node)) this.leaveElsewhere(node, room, user);
    }
  }

  /** Whom this node itself has in a room. */
  listHere(room: string): Person[] {
    const here: Person[] = [];
    for (const present of this.#rooms.get(room)?.present.values() ?? []) if (isHere(present)) here.push(present.person);
    return here;
  }

  /** Whom another node is believed to have in a room; undefined where nobody here looks at it. */
  listAt(node: string, room: string): string[] | undefined {
    const present = this.#rooms.get(room)?.present;
    return present && [...present].filter(([, { nodes }]) => nodes.has(node)).map(([user]) => user);
  }

  /** The other nodes that are believed to have somebody in a room. */
  listNodes(room: string): Set<string> {
    const found = new Set<string>();
    for (const { nodes } of this.#rooms.get(room)?.present.values() ?? []) for (const node of nodes) found.add(node);
    return found;
  }

  /** The rooms that somebody here looks at. */
  listRooms(): string[] {
    return [...this.#rooms.keys()];
  }

  /** Some of those who are present and how many there are; the one who joins is always among them. */
  list(room: string, joining?: Person): { members: Person[]; count: number } {
    const { present, changes } = this.#rooms.get(room) ?? {};
    for (const change of changes?.values() ?? []) change.wasListed = true;
    const members: Person[] = [];
    for (const { person } of present?.values() ?? []) {
      if (members.length === limits.presentMembers) break;
      members.push(person);
    }
    const own = joining === undefined ? undefined : present?.get(joining.id)?.person;
    if (own !== undefined && !members.includes(own)) members.splice(-1, 1, own);
    return { members, count: present?.size ?? 0 };
  }

  close(): void {
    for (const { present, timer } of this.#rooms.values()) {
      clearTimeout(timer);
      for (const { leaving } of present.values()) clearTimeout(leaving);
    }
    this.#rooms.clear();
  }

  #open(room: string): RoomState {
    const found = this.#rooms.get(room);
    if (found !== undefined) return found;
    const state: RoomState = { present: new Map(), changes: new Map(), timer: undefined, gather: this.#gather };
    this.#rooms.set(room, state);
    this.#news?.opened(room);
    return state;
  }

  #appear(room: string, state: RoomState, person: Person): Present {
    const found = state.present.get(person.id);
    if (found !== undefined) return found;
    this.#note(room, state, person.id, false);
    const present: Present = { person, sockets: 0, leaving: undefined, nodes: new SmallSet() };
    state.present.set(person.id, present);
    return present;
  }

  #disappear(room: string, state: RoomState, present: Present): void {
    if (isHere(present) || present.nodes.size > 0) return;
    this.#note(room, state, present.person.id, true);
    state.present.delete(present.person.id);
  }

  /** Remembers how a person stood before the first change of this gathering, so that what cancels out is not told. */
  #note(room: string, state: RoomState, user: string, wasPresent: boolean): void {
    if (!state.changes.has(user)) state.changes.set(user, { wasPresent, wasListed: false });
    state.timer ??= setTimeout(() => {
      if (this.#begin === undefined) this.#tell(room, state);
      else void this.#begin().then(() => this.#tell(room, state));
    }, state.gather);
  }

  /** Who is there on other nodes does not matter where nobody looks, and is asked for anew when somebody does. */
  #closeIfDeserted(room: string, state: RoomState): void {
    if (![...state.present.values()].some(isHere) && this.#rooms.delete(room)) this.#news?.closed(room);
  }

  #tell(room: string, state: RoomState): void {
    const entered: Person[] = [];
    const left: string[] = [];
    for (const [user, { wasPresent, wasListed }] of state.changes) {
      const present = state.present.get(user);
      if (present !== undefined && (!wasPresent || wasListed)) entered.push(present.person);
      if (present === undefined && (wasPresent || wasListed)) left.push(user);
    }
    const isCrowd = state.changes.size > 1;
    state.gather = isCrowd ? Math.min(state.gather * 2, this.#gather * gatherGrowth) : this.#gather;
    state.changes.clear();
    state.timer = undefined;
    const count = state.present.size;
    this.#closeIfDeserted(room, state);
    if (entered.length === 0 && left.length === 0) return;
    for (let from = 0; from === 0 || from < Math.max(entered.length, left.length); from += limits.presentMembers) {
      const to = from + limits.presentMembers;
      this.#broadcast(room, {
        type: 'presence',
        room,
        entered: entered.slice(from, to),
        left: left.slice(from, to),
        count,
      });
    }
  }
}

/** Whether they are on this node, or were within the grace. */
function isHere({ sockets, leaving }: Present): boolean {
  return sockets > 0 || leaving !== undefined;
}
