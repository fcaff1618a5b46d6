import type { MemberEvent, RoomEvent } from '@parlour/protocol/events';

const leaving: ReadonlySet<MemberEvent['change']> = new Set(['left', 'removed']);

/** Which of the people connected here are members of a room, so that its news find them without a query. */
export class RoomAudience {
  readonly #roomsOf: (user: string) => Promise<{ id: string }[]>;
  readonly #rooms = new Map<string, Set<string>>();
  readonly #people = new Map<string, Set<string>>();

  constructor(roomsOf: (user: string) => Promise<{ id: string }[]>) {
    this.#roomsOf = roomsOf;
  }

  /** A person's first socket opened. */
  async enter(user: string): Promise<void> {
    const rooms = new Set<string>();
    this.#people.set(user, rooms);
    const listed = await this.#roomsOf(user);
    // They may have gone, or gone and come back, while the list was read.
    if (this.#people.get(user) !== rooms) return;
    for (const { id } of listed) this.#add(user, id);
  }

  /** A person's last socket closed. */
  leave(user: string): void {
    for (const room of this.#people.get(user) ?? []) this.#delete(user, room);
    this.#people.delete(user);
  }

  receive(event: RoomEvent): void {
    if (event.event !== 'member' || !this.#people.has(event.user.id)) return;
    if (leaving.has(event.change)) this.#delete(event.user.id, event.room);
    else this.#add(event.user.id, event.room);
  }

  list(room: string): string[] {
    return [...(this.#rooms.get(room) ?? [])];
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
