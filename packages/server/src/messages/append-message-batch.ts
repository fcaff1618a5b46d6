import type { BatchProcedure } from '../database/postgres/batch-procedure.ts';
import { noSuchRoom, notAMember } from '../rooms/room-refusals.ts';
import type { Appended, AppendInput } from './append-message.ts';
import { BrokenLanes } from './broken-lanes.ts';
import { idConflict } from './message.ts';

/** What database/migrations/postgres-append-messages.ts tells of one input. */
type Row = {
  /** Null where there is no such room. */
  isPrivate: number | null;
  isMember: number;
  isFresh: number;
  /** Of the message that has this id of this author, if there is one. */
  seq: number | null;
  position: number;
  at: number;
  sameRoom: number;
  sameContent: number;
};

const arrays = ['text', 'text', 'text', 'text', 'text', 'bigint', 'text'].map((type, i) => `$${i + 1}::${type}[]`);

/** What append-message.ts does, for PostgreSQL: the batch is judged and stored there, and its answers are read here. */
export function createAppendMessageBatch(): BatchProcedure {
  const broken = new BrokenLanes();
  return {
    statement: `SELECT * FROM "appendMessages"(${arrays.join(', ')})`,
    toParameters,
    check: ([, , , , , , lane, turn]: AppendInput) => broken.check(lane, turn),
    read,
    failed: ([, , , , , , lane, turn]: AppendInput) => broken.fail(lane, turn),
  };
}

function toParameters(inputs: readonly AppendInput[]): unknown[] {
  const column = (index: number) => inputs.map((input) => input[index]);
  const [, author, id, body, data, at, , , mentions] = Array.from({ length: 9 }, (_, index) => column(index));
  // PostgreSQL knows no U+0000, and no room has one in its id.
  const rooms = inputs.map(([room]) => room.replaceAll('\0', '\uFFFD'));
  return [rooms, author, id, body, data, at, mentions];
}

function read(_: AppendInput, row: Row): Appended {
  const { isPrivate, isMember, isFresh, seq, position, at, sameRoom, sameContent } = row;
  // Someone who was taken out of the room after an acknowledged send still gets that send's answer for its repeat (I3).
  if (isMember === 0 && (seq === null || sameRoom === 0)) throw isPrivate === 0 ? notAMember() : noSuchRoom();
  if (seq === null || sameRoom === 0 || sameContent === 0) throw idConflict();
  return [seq, position, at, isFresh === 1];
}
