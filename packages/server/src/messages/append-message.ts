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

/** What the writer knows of a room: its head, and some of who is in it. */
type Room = { number: number; seq: number; position: number; members: Set<string> };
type Existing = { room: number; seq: number; position: number; at: number; body: string; data: string | null };

/** Memberships that are remembered, over all rooms. */
const membersKept = 50_000;
/** SQLITE_CONSTRAINT; the higher bytes say which. */
const constraintFault = 19;

export function prepare(db: DatabaseSync): Procedure {
  return new AppendMessage(db);
}

class AppendMessage implements Procedure {
  readonly #db: DatabaseSync;
  readonly #statements: ReturnType<typeof prepareStatements>;
  readonly #rooms = new Map<string, Room>();
  #membersKnown = 0;
  readonly #broken = new BrokenLanes();

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#statements = prepareStatements(this.#db);
  }

  run(input: AppendInput): Appended {
    try {
      return this.#append(input);
    } catch (error) {
      if (!isConstraintFault(error)) throw error;
      const [roomId, author, id] = input;
      const first = this.#findExisting(id, author);
      if (first !== undefined) return answerRepeat(first, this.#rooms.get(roomId)?.number, input);
      // Somebody wrote into the room past this thread: the head that it remembers is behind.
      this.forget();
      return this.#append(input);
    }
  }

  #append(input: AppendInput): Appended {
    const [roomId, author, id, body, data, at, lane, turn, mentions] = input;
    this.#broken.check(lane, turn);
    const room = this.#findRoom(roomId, author);
    if (room === undefined) return this.#refuseStranger(input);
    const { number } = room;
    const seq = room.seq + 1;
    const position = room.position + 1;
    // `get`, since `run` makes an object of what nobody asks for. A repeat fails here, so it leaves no gap.
    this.#statements.insert.get(number, seq, position, id, author, at, body, data);
    this.#statements.moveRead.get(seq, number, author);
    if (mentions !== null) this.#statements.mention.get(number, seq, number, author, mentions);
    room.seq = seq;
    room.position = position;
    return [seq, position, at, true];
  }

  forget(): void {
    this.#rooms.clear();
    this.#membersKnown = 0;
  }

  failed([, , , , , , lane, turn]: AppendInput): void {
    this.#broken.fail(lane, turn);
  }

  /** The room, for one of its members. */
  #findRoom(roomId: string, author: string): Room | undefined {
    const known = this.#rooms.get(roomId);
    if (known?.members.has(author)) return known;
    const membership = this.#statements.membership.get(roomId, author) as { room: number } | undefined;
    if (membership === undefined) return undefined;
    if (this.#membersKnown >= membersKept) this.forget();
    const room = this.#rooms.get(roomId) ?? this.#readRoom(membership.room);
    this.#rooms.set(roomId, room);
    room.members.add(author);
    this.#membersKnown += 1;
    return room;
  }

  #readRoom(number: number): Room {
    const head = this.#statements.head.get(number) as { seq: number; position: number } | undefined;
    return { number, seq: head?.seq ?? 0, position: head?.position ?? 0, members: new Set() };
  }

  #findExisting(id: string, author: string): Existing | undefined {
    return this.#statements.existing.get(id, author) as Existing | undefined;
  }

  /** Someone who was taken out of the room after an acknowledged send still gets that send's answer for its repeat (I3). */
  #refuseStranger(input: AppendInput): Appended {
    const [roomId, author, id] = input;
    const room = this.#statements.room.get(roomId) as { number: number; private: number } | undefined;
    const first = this.#findExisting(id, author);
    if (room !== undefined && first?.room === room.number) return answerRepeat(first, room.number, input);
    throw room === undefined || room.private === 1 ? noSuchRoom() : notAMember();
  }
}

/** What the first one was answered. Throws `id_conflict` where this is another message. */
function answerRepeat(first: Existing, room: number | undefined, [, , , body, data]: AppendInput): Appended {
  if (first.room !== room || first.body !== body || first.data !== data) throw idConflict();
  return [first.seq, first.position, first.at, false];
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
       VALUES (?, ?, ?, 'message', ?, ?, ?, ?, ?)`,
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
