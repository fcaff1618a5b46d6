import type { MemberEvent } from '@parlour/protocol/events';
import type { SelfFrame } from '@parlour/protocol/frames';
import type { FoundRoom, Queries } from './room.ts';
import { findRoomThrough } from './room-store.ts';

export type MemberNoticesOptions = {
  db: Queries;
  isConnected(user: string): boolean;
  /** To those of the person's sockets that have not joined the room. */
  notify(user: string, room: string, frame: SelfFrame): void;
  onError(error: unknown): void;
};

/** Tells people, on every device, which rooms they came into or were taken out of. */
export class MemberNotices {
  readonly #options: MemberNoticesOptions;
  /** The latest look at a person's place in a room: the database may answer the one before it later. */
  readonly #looks = new Map<string, MemberEvent>();

  constructor(options: MemberNoticesOptions) {
    this.#options = options;
  }

  receive(event: MemberEvent): void {
    if (!this.#options.isConnected(event.user.id)) return;
    this.#tell(event).catch((error: unknown) => this.#options.onError(error));
  }

  /** What is true now is told, not what the event said: another change may have followed. */
  async #tell(event: MemberEvent): Promise<void> {
    const { room, user } = event;
    const found = await this.#look(event);
    if (found === 'overtaken') return;
    const frame: SelfFrame =
      found === undefined || found.role === null
        ? { type: 'self', kind: 'removed', room }
        : { type: 'self', kind: 'added', room, name: found.name, private: found.private };
    this.#options.notify(user.id, room, frame);
  }

  async #look(event: MemberEvent): Promise<FoundRoom | undefined | 'overtaken'> {
    const { room, user } = event;
    const key = `${user.id} ${room}`;
    this.#looks.set(key, event);
    try {
      const found = await findRoomThrough(this.#options.db, user.id, room);
      return this.#looks.get(key) === event ? found : 'overtaken';
    } finally {
      if (this.#looks.get(key) === event) this.#looks.delete(key);
    }
  }
}
