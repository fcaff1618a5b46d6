import type { SelfFrame } from '@parlour/protocol/frames';

/** Milliseconds in which a room's news are gathered into one notice a person. */
const gather = 500;
const chunk = 200;

export type UnreadState = { user: string; seq: number; unread: number; mentions: number; readSeq: number };

export type UnreadNoticesOptions = {
  /** Members of the room who are connected here. */
  listAudience(room: string): readonly string[];
  /** Whether somebody has a socket here that has not joined the room. */
  isOnlooker(user: string, room: string): boolean;
  /** What is unread in the room for those of these people who are its members. */
  listUnread(room: string, users: readonly string[]): Promise<UnreadState[]>;
  notify(user: string, room: string, frame: SelfFrame): void;
  onError(error: unknown): void;
};

/** Tells people what became unread, or was read on another device, in rooms that a socket of theirs has not joined. */
export class UnreadNotices {
  readonly #options: UnreadNoticesOptions;
  readonly #dirty = new Map<string, Set<string> | 'everybody'>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: UnreadNoticesOptions) {
    this.#options = options;
  }

  /** Something may have been said in the room. */
  noticeRoom(room: string): void {
    this.#dirty.set(room, 'everybody');
    this.#schedule();
  }

  /** One person's own read state moved. */
  noticePerson(user: string, room: string): void {
    const dirty = this.#dirty.get(room);
    if (dirty === undefined) this.#dirty.set(room, new Set([user]));
    else if (dirty !== 'everybody') dirty.add(user);
    this.#schedule();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#dirty.clear();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#tell().catch((error: unknown) => this.#options.onError(error));
    }, gather);
  }

  async #tell(): Promise<void> {
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    for (const [room, people] of dirty) {
      const concerned = people === 'everybody' ? this.#options.listAudience(room) : [...people];
      const users = concerned.filter((user) => this.#options.isOnlooker(user, room));
      for (let from = 0; from < users.length; from += chunk) {
        for (const { user, ...state } of await this.#options.listUnread(room, users.slice(from, from + chunk))) {
          this.#options.notify(user, room, { type: 'self', kind: 'unread', room, ...state });
        }
      }
    }
  }
}
