// Runs inside the writer thread (database/sqlite/procedure.ts): one acknowledged message is two or three statements.
import type { DatabaseSync } from 'node:sqlite';
import type { Procedure } from '../database/sqlite/procedure.ts';
import { noSuchRoom, notAMember } from '../rooms/room-refusals.ts';
import { BrokenLanes } from './broken-lanes.ts';
import { idConflict } from './message.ts';

/**
 * What is appended, as a flat tuple because it crosses threads. `lane` numbers the sender's connection (0: none), `turn`
 * rises whenever a storage failure of that lane was told to it.
 */
export type AppendInput = [
  room: string,
  author: string,
  id: string,
  body: string,
  data: string | null,
  at: number,
  lane: number,
  turn: number,
  /** Handles that the body mentions, as JSON; null for none. */
  mentions: string | null,
];
export type Appended = [seq: number, position: number, at: number, fresh: boolean];

type Head = { seq: number; position: number };
type Existing = { room: number; seq: number; position: number; at: number; body: string; data: string | null };

const headsKept = 10_000;
/** SQLITE_CONSTRAINT; the higher bytes say which. */
const constraintFault = 19;

export function prepare(db: DatabaseSync): Procedure {
  return new AppendMessage(db);
}

class AppendMessage implements Procedure {
  readonly #db: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #heads = new Map<number, Head>();
  readonly #broken = new BrokenLanes();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = prepareStatements(this.#db);
  }

  run(input: AppendInput): Appended {
    try {
      return this.#append(input);
    } catch (error) {
      // Somebody wrote into the room past this thread: the head that it remembers is behind.
      if (!isConstraintFault(error)) throw error;
      this.forget();
      return this.#append(input);
    }
  }

  #append(input: AppendInput): Appended {
    const [roomId, author, id, body, data, at, lane, turn, mentions] = input;
    this.#broken.check(lane, turn);
    const membership = this.#statements.membership.get(roomId, author) as { room: number } | undefined;
    if (membership === undefined) return this.#refuseStranger(input);
    const { room } = membership;
    const head = this.#findHead(room);
    const seq = head.seq + 1;
    const position = head.position + 1;
    const { changes } = this.#statements.insert.run(room, seq, position, id, author, at, body, data);
    // A repeat changed no row, so it uses up no seq and leaves no gap.
    if (Number(changes) === 0) return this.#findRepeat(room, input);
    this.#statements.moveRead.run(seq, room, author);
    if (mentions !== null) this.#statements.mention.run(room, seq, room, author, mentions);
    head.seq = seq;
    head.position = position;
    return [seq, position, at, true];
  }

  forget(): void {
    this.#heads.clear();
  }

  failed([, , , , , , lane, turn]: AppendInput): void {
    this.#broken.fail(lane, turn);
  }

  #findHead(room: number): Head {
    const known = this.#heads.get(room);
    if (known !== undefined) return known;
    const head = (this.#statements.head.get(room) as Head | undefined) ?? { seq: 0, position: 0 };
    if (this.#heads.size >= headsKept) this.#heads.clear();
    this.#heads.set(room, head);
    return head;
  }

  #findRepeat(room: number, [, author, id, body, data]: AppendInput): Appended {
    const first = this.#statements.existing.get(id, author) as Existing;
    if (first.room !== room || first.body !== body || first.data !== data) throw idConflict();
    return [first.seq, first.position, first.at, false];
  }

  /** Someone who was taken out of the room after an acknowledged send still gets that send's answer for its repeat (I3). */
  #refuseStranger(input: AppendInput): Appended {
    const [roomId, author, id] = input;
    const room = this.#statements.room.get(roomId) as { number: number; private: number } | undefined;
    const first = this.#statements.existing.get(id, author) as Existing | undefined;
    if (room !== undefined && first !== undefined && first.room === room.number)
      return this.#findRepeat(room.number, input);
    throw room === undefined || room.private === 1 ? noSuchRoom() : notAMember();
  }
}

function isConstraintFault(error: unknown): boolean {
  const { errcode } = error as { errcode?: unknown };
  return typeof errcode === 'number' && (errcode & 0xff) === constraintFault;
}

function prepareStatements(db: DatabaseSync) {
  return {
    membership: db.prepare(
      'SELECT members.room FROM rooms JOIN members ON members.room = rooms.number WHERE rooms.id = ? AND members.user = ?',
    ),
    head: db.prepare('SELECT seq, position FROM events WHERE room = ? ORDER BY seq DESC LIMIT 1'),
    insert: db.prepare(
      `INSERT INTO events (room, seq, position, kind, id, author, at, body, data)
       VALUES (?, ?, ?, 'message', ?, ?, ?, ?, ?) ON CONFLICT (id, author) WHERE id IS NOT NULL DO NOTHING`,
    ),
    moveRead: db.prepare('UPDATE members SET readSeq = ? WHERE room = ? AND user = ?'),
    // Whoever has such a name and is in the room now, but not the sender.
    mention: db.prepare(
      `INSERT INTO mentions (user, room, seq) SELECT user.id, ?, ? FROM members JOIN user ON user.id = members.user
       WHERE members.room = ? AND user.id <> ? AND user.handle IN (SELECT value FROM json_each(?))`,
    ),
    existing: db.prepare('SELECT room, seq, position, at, body, data FROM events WHERE id = ? AND author = ?'),
    room: db.prepare('SELECT number, private FROM rooms WHERE id = ?'),
  };
}
