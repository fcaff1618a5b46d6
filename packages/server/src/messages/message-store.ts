import type { RoomEvent } from '@parlour/protocol/events';
import type { CompiledQuery, ExpressionBuilder, Kysely } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import { toMemberEvent } from '../rooms/append-event.ts';
import { nameDoers } from '../rooms/name-doers.ts';
import { unreadMentions } from '../rooms/unread-mentions.ts';
import type { Appended, AppendInput } from './append-message.ts';
import { createAppendMessageBatch } from './append-message-batch.ts';
import type { MoveReadInput, ReadMoved } from './move-read.ts';
import { createMoveReadBatch } from './move-read-batch.ts';
import type { UnreadState } from './unread-notices.ts';

/** The writes of the hot path, in the form of each database. Messages come into a room's events by the first alone. */
export function messageProcedures() {
  return {
    appendMessage: { sqlite: new URL('./append-message.ts', import.meta.url), postgres: createAppendMessageBatch() },
    moveRead: { sqlite: new URL('./move-read.ts', import.meta.url), postgres: createMoveReadBatch() },
  };
}

export type Span = { after: number; limit: number } | { before: number; limit: number };

type HeadRow = { seq: number | null };
type EventRow = {
  seq: number;
  position: number;
  kind: 'message' | 'member';
  id: string | null;
  author: string;
  name: string | null;
  at: number;
  body: string | null;
  data: string | null;
};

/** All SQL of messages. Reads go through the reader's membership, so that what one may not see is simply not there (I5). */
export class MessageStore {
  readonly #database: Database;
  readonly #kysely: Kysely<Tables>;
  // Compiled once: after a crash everybody asks for them at the same time, and building them costs more than running them.
  readonly #head: CompiledQuery<HeadRow>;
  readonly #membership: CompiledQuery<{ room: number }>;
  readonly #after: CompiledQuery<EventRow>;
  readonly #page: CompiledQuery<EventRow>;

  constructor(database: Database) {
    this.#database = database;
    this.#kysely = database.kysely;
    this.#head = selectHead(this.#kysely).compile();
    this.#membership = selectMembership(this.#kysely).compile();
    this.#page = selectPage(this.#kysely).compile();
    this.#after = this.#selectEvents('', '', { after: 0, limit: 1 }).compile();
  }

  append(input: AppendInput): Promise<Appended> {
    return this.#database.call('appendMessage', input) as Promise<Appended>;
  }

  /** The room's events in a span, old to new, as `user` may see them now; undefined when they are no member. */
  async listEvents(room: string, user: string, span: Span): Promise<RoomEvent[] | undefined> {
    const rows = await this.#readEvents(room, user, span);
    if (rows.length === 0 && !(await this.isMember(room, user))) return undefined;
    if ('before' in span) rows.reverse();
    return await nameDoers(
      this.#kysely,
      rows.map((row) => toRoomEvent(room, row)),
    );
  }

  async #readEvents(room: string, user: string, span: Span): Promise<EventRow[]> {
    if ('before' in span) return await this.#selectEvents(room, user, span).execute();
    const parameters = [room, user, span.after, span.limit];
    return await this.#database.read(this.#after, parameters);
  }

  #selectEvents(room: string, user: string, span: Span) {
    const query = this.#kysely
      .selectFrom('rooms')
      .innerJoin('members', 'members.room', 'rooms.number')
      .innerJoin('events', 'events.room', 'rooms.number')
      .leftJoin('user', 'user.id', 'events.author')
      .select(['events.seq', 'events.position', 'events.kind', 'events.id', 'events.author', 'user.name'])
      .select(['events.at', 'events.body', 'events.data'])
      .where('rooms.id', '=', room)
      .where('members.user', '=', user)
      .$castTo<EventRow>();
    return 'after' in span
      ? query.where('events.seq', '>', span.after).orderBy('events.seq', 'asc').limit(span.limit)
      : query.where('events.seq', '<', span.before).orderBy('events.seq', 'desc').limit(span.limit);
  }

  /** The same for the node itself, which delivers to members only. */
  async listEventsAfter(room: string, after: number, limit: number): Promise<RoomEvent[]> {
    return await this.readPage(room, after, limit);
  }

  /** What is replayed to all who missed it. Whoever gets it must be a member after this was read (I5). */
  async readPage(room: string, after: number, size: number): Promise<RoomEvent[]> {
    const rows = await this.#database.read(this.#page, [room, after, size]);
    return await nameDoers(
      this.#kysely,
      rows.map((row) => toRoomEvent(room, row)),
    );
  }

  async isMember(room: string, user: string): Promise<boolean> {
    return (await this.#database.read(this.#membership, [room, user])).length > 0;
  }

  /** The number of each room's last event; rooms that are gone are missing. */
  async readHeads(rooms: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.#kysely
      .selectFrom('rooms')
      .select(['rooms.id'])
      .select((eb) => lastEvent(eb).select('events.seq').as('seq'))
      .where('rooms.id', 'in', rooms)
      .execute();
    return new Map(rows.map(({ id, seq }) => [id, seq ?? 0]));
  }

  /** The room's head for one of its members, undefined for everybody else. */
  async findHead(room: string, user: string): Promise<number | undefined> {
    const [row] = await this.#database.read(this.#head, [1, room, user]);
    return row === undefined ? undefined : (row.seq ?? 0);
  }

  /** What is unread in a room for those of these people who are its members. */
  async listUnread(room: string, users: readonly string[]): Promise<UnreadState[]> {
    const rows = await this.#kysely
      .selectFrom('members')
      .innerJoin('rooms', 'rooms.number', 'members.room')
      .select(['members.user', 'members.readSeq'])
      .select((eb) => [
        lastEvent(eb).select('events.seq').as('seq'),
        lastEvent(eb).select('events.position').as('position'),
        lastEvent(eb).whereRef('events.seq', '<=', 'members.readSeq').select('events.position').as('readPosition'),
        unreadMentions(eb).as('mentions'),
      ])
      .where('rooms.id', '=', room)
      .where('members.user', 'in', users)
      .execute();
    return rows.map(({ user, readSeq, seq, position, readPosition, mentions }) => ({
      user,
      seq: seq ?? 0,
      unread: Math.max(0, (position ?? 0) - (readPosition ?? 0)),
      mentions: mentions ?? 0,
      readSeq,
    }));
  }

  /** Moves what a member has read forward, never past the room's head; undefined for strangers. */
  moveRead(room: string, user: string, seq: number): Promise<ReadMoved> {
    const input: MoveReadInput = [room, user, seq];
    return this.#database.call('moveRead', input) as Promise<ReadMoved>;
  }
}

/** A room's head, for one of its members. */
function selectHead(db: Kysely<Tables>) {
  return db
    .selectFrom('members')
    .innerJoin('rooms', 'rooms.number', 'members.room')
    .select((eb) => lastEvent(eb).select('events.seq').as('seq'))
    .where('rooms.id', '=', '')
    .where('members.user', '=', '');
}

function selectMembership(db: Kysely<Tables>) {
  return db
    .selectFrom('members')
    .innerJoin('rooms', 'rooms.number', 'members.room')
    .select('members.room')
    .where('rooms.id', '=', '')
    .where('members.user', '=', '');
}

function selectPage(db: Kysely<Tables>) {
  return db
    .selectFrom('rooms')
    .innerJoin('events', 'events.room', 'rooms.number')
    .leftJoin('user', 'user.id', 'events.author')
    .select(['events.seq', 'events.position', 'events.kind', 'events.id', 'events.author', 'user.name'])
    .select(['events.at', 'events.body', 'events.data'])
    .where('rooms.id', '=', '')
    .where('events.seq', '>', 0)
    .orderBy('events.seq')
    .limit(1)
    .$castTo<EventRow>();
}

/** The room's last event as a subquery: its head. */
function lastEvent(eb: ExpressionBuilder<Tables, 'rooms' | 'members'>) {
  return eb.selectFrom('events').whereRef('events.room', '=', 'rooms.number').orderBy('events.seq', 'desc').limit(1);
}

function toRoomEvent(room: string, row: EventRow): RoomEvent {
  if (row.kind === 'member') return toMemberEvent(room, row);
  return {
    room,
    seq: row.seq,
    at: new Date(row.at).toISOString(),
    event: 'message',
    id: row.id ?? '',
    author: { id: row.author, name: row.name ?? 'Former member' },
    body: row.body ?? '',
    ...(row.data === null ? {} : { data: JSON.parse(row.data) as unknown }),
    position: row.position,
  };
}
