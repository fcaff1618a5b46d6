import type { Person } from '@parlour/protocol/events';
import type { PresenceFrame } from '@parlour/protocol/frames';
import { limits } from '@parlour/protocol/limits';

type Present = { person: Person; sockets: number; leaving: NodeJS.Timeout | undefined };
type Change = { wasPresent: boolean };
type RoomState = { present: Map<string, Present>; changes: Map<string, Change>; timer: NodeJS.Timeout | undefined };

export type RoomPresenceOptions = {
  broadcast(room: string, frame: PresenceFrame): void;
  /** Milliseconds that a person stays present without a socket: a reload is no leaving. */
  grace?: number;
  /** Milliseconds in which changes of one room are gathered into one frame. */
  gather?: number;
};

/** Who is present in which room, by person and never by socket or name (I8, fault 17). */
export class RoomPresence {
  readonly #rooms = new Map<string, RoomState>();
  readonly #broadcast: RoomPresenceOptions['broadcast'];
  readonly #grace: number;
  readonly #gather: number;

  constructor({ broadcast, grace = 5_000, gather = 200 }: RoomPresenceOptions) {
    this.#broadcast = broadcast;
    this.#grace = grace;
    this.#gather = gather;
  }

  enter(room: string, person: Person): void {
    const state = this.#open(room);
    const present = state.present.get(person.id);
    if (present !== undefined) {
      clearTimeout(present.leaving);
      present.leaving = undefined;
      present.sockets += 1;
      present.person = person;
      return;
    }
    this.#note(room, state, person.id, false);
    state.present.set(person.id, { person, sockets: 1, leaving: undefined });
  }

  leave(room: string, person: Person): void {
    const state = this.#rooms.get(room);
    const present = state?.present.get(person.id);
    if (state === undefined || present === undefined) return;
    present.sockets -= 1;
    if (present.sockets > 0) return;
    present.leaving = setTimeout(() => {
      this.#note(room, state, person.id, true);
      state.present.delete(person.id);
    }, this.#grace);
  }

  /** Some of those who are present and how many there are; the one who joins is always among them. */
  list(room: string, joining?: Person): { members: Person[]; count: number } {
    const present = this.#rooms.get(room)?.present;
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
    const state: RoomState = { present: new Map(), changes: new Map(), timer: undefined };
    this.#rooms.set(room, state);
    return state;
  }

  /** Remembers how a person stood before the first change of this gathering, so that what cancels out is not told. */
  #note(room: string, state: RoomState, user: string, wasPresent: boolean): void {
    if (!state.changes.has(user)) state.changes.set(user, { wasPresent });
    state.timer ??= setTimeout(() => this.#tell(room, state), this.#gather);
  }

  #tell(room: string, state: RoomState): void {
    const entered: Person[] = [];
    const left: string[] = [];
    for (const [user, { wasPresent }] of state.changes) {
      const present = state.present.get(user);
      if (present !== undefined && !wasPresent) entered.push(present.person);
      if (present === undefined && wasPresent) left.push(user);
    }
    state.changes.clear();
    state.timer = undefined;
    const count = state.present.size;
    if (count === 0) this.#rooms.delete(room);
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
