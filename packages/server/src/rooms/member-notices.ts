import type { MemberEvent } from '@parlour/protocol/events';
import type { SelfFrame } from '@parlour/protocol/frames';
import type { Queries } from './room.ts';
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

  constructor(options: MemberNoticesOptions) {
    this.#options = options;
  }

  receive(event: MemberEvent): void {
    if (!this.#options.isConnected(event.user.id)) return;
    this.#tell(event).catch((error: unknown) => this.#options.onError(error));
  }

  /** What is true now is told, not what the event said: another change may have followed. */
  async #tell({ room, user }: MemberEvent): Promise<void> {
    const found = await findRoomThrough(this.#options.db, user.id, room);
    const frame: SelfFrame =
      found === undefined || found.role === null
        ? { type: 'self', kind: 'removed', room }
        : { type: 'self', kind: 'added', room, name: found.name, private: found.private };
    this.#options.notify(user.id, room, frame);
  }
}
