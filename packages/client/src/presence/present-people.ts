import type { Person } from '@parlour/protocol/events';
import type { PresenceFrame } from '@parlour/protocol/frames';

/** Who is in a room now, by person and never by name (fault 17). The server names at most a hundred, and counts all. */
export class PresentPeople {
  #people = new Map<string, Person>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  list(): readonly Person[] {
    return [...this.#people.values()];
  }

  replace(people: readonly Person[], count: number): void {
    this.#people = new Map(people.map((person) => [person.id, person]));
    this.#count = count;
  }

  change({ entered, left, count }: PresenceFrame): void {
    for (const id of left) this.#people.delete(id);
    for (const person of entered) this.#people.set(person.id, person);
    this.#count = count;
  }
}
