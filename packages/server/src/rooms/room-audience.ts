import type { MemberEvent } from '@parlour/protocol/events';
import { SmallSet } from '../small-set.ts';

const leaving: ReadonlySet<MemberEvent['change']> = new Set(['left', 'removed']);

export type RoomAudienceOptions = {
  roomsOf(user: string): Promise<{ id: string }[]>;
};

/** Which of the people connected here are members of a room, so that its news find them without a query. */
export class RoomAudience {
  readonly #options: RoomAudienceOptions;
  readonly #rooms = new Map<string, Set<string>>();
  readonly #people = new Map<string, SmallSet<string>>();
  /** By person, the rooms whose news of them were heard, with the seq of the newest: nodes are heard in whatever order. */
  readonly #heard = new Map<string, Map<string, number>>();

  constructor(options: RoomAudienceOptions) {
    this.#options = options;
  }

  /** A person's first socket opened. */
  async enter(user: string): Promise<void> {
    const rooms = new SmallSet<string>();
    this.#people.set(user, rooms);
    const listed = await this.#options.roomsOf(user);
    // They may have gone, or gone and come back, while the list was read.
    if (this.#people.get(user) !== rooms) return;
    for (const { id } of listed) this.#add(user, id);
  }

  /** Looks everybody's rooms up again: what other nodes said of them may have been lost. */
  async refresh(): Promise<void> {
    for (const [user, known] of [...this.#people]) {
      // Into those that come meanwhile, or are heard of, they may have come after the look.
      const before = [...known];
      const heard = new Map(this.#heard.get(user));
      const rooms = new Set((await this.#options.roomsOf(user)).map(({ id }) => id));
      if (this.#people.get(user) !== known) continue;
      for (const room of before)
        if (!rooms.has(room) && this.#heard.get(user)?.get(room) === heard.get(room)) this.#delete(user, room);
      for (const room of rooms) this.#add(user, room);
    }
  }

  /** Every room that somebody connected here is a member of. */
  listRooms(): string[] {
    return [...this.#rooms.keys()];
  }

  /** A person's last socket closed. */
  leave(user: string): void {
    for (const room of this.#people.get(user) ?? []) this.#delete(user, room);
    this.#people.delete(user);
    this.#heard.delete(user);
  }

  receive({ user: { id }, room, seq, change }: MemberEvent): void {
    if (!this.#people.has(id) || !this.#isNews(id, room, seq)) return;
    if (leaving.has(change)) this.#delete(id, room);
    else this.#add(id, room);
  }

  list(room: string): string[] {
    return [...(this.#rooms.get(room) ?? [])];
  }

  #isNews(user: string, room: string, seq: number): boolean {
    const heard = this.#heard.get(user);
    if (seq <= (heard?.get(room) ?? 0)) return false;
    if (heard === undefined) this.#heard.set(user, new Map([[room, seq]]));
    else heard.set(room, seq);
    return true;
  }

  #add(user: string, room: string): void {
    this.#people.get(user)?.add(room);
    const people = this.#rooms.get(room);
    if (people === undefined) this.#rooms.set(room, new Set([user]));
    else people.add(user);
  }

  #delete(user: string, room: string): void {
    this.#people.get(user)?.delete(room);
    const people = this.#rooms.get(room);
    if (people?.delete(user) && people.size === 0) this.#rooms.delete(room);
  }
}
