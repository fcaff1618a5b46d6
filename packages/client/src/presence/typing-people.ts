import type { Person } from '@parlour/protocol/events';
import { limits } from '@parlour/protocol/limits';
import type { Environment } from '../connection/environment.ts';

/** Who is typing: each entry goes after `limits.typingShown`, or when that person's message arrives. */
export class TypingPeople {
  readonly #environment: Environment;
  readonly #changed: () => void;
  readonly #people = new Map<string, { person: Person; cancel: () => void }>();

  constructor(environment: Environment, changed: () => void) {
    this.#environment = environment;
    this.#changed = changed;
  }

  list(): readonly Person[] {
    return [...this.#people.values()].map(({ person }) => person);
  }

  typed(person: Person): void {
    this.#people.get(person.id)?.cancel();
    const cancel = this.#environment.after(limits.typingShown, () => this.stopped(person.id));
    this.#people.set(person.id, { person, cancel });
    this.#changed();
  }

  stopped(id: string): void {
    this.#people.get(id)?.cancel();
    if (this.#people.delete(id)) this.#changed();
  }

  clear(): void {
    for (const { cancel } of this.#people.values()) cancel();
    this.#people.clear();
  }
}
