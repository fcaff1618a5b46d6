import type { BatchProcedure } from '../database/postgres/batch-procedure.ts';
import type { MoveReadInput, ReadMoved } from './move-read.ts';

type Row = { readSeq: number | null; isMoved: number };

/** Where nothing moves, no row is written and so nothing waits for the disk. The last condition is looked at again once a row is locked. */
const statement = `
WITH marks AS (
  SELECT i.n, members.room, members."user", members."readSeq", least(i.seq, head.seq) AS target
  FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS i(room, "user", seq, n)
  LEFT JOIN rooms ON rooms.id = i.room
  LEFT JOIN members ON members.room = rooms.number AND members."user" = i."user"
  LEFT JOIN LATERAL (
    SELECT events.seq FROM events WHERE events.room = rooms.number ORDER BY events.seq DESC LIMIT 1
  ) head ON true
), moved AS (
  UPDATE members SET "readSeq" = furthest.target
  FROM (SELECT room, "user", max(target) AS target FROM marks GROUP BY room, "user") furthest
  WHERE members.room = furthest.room AND members."user" = furthest."user" AND members."readSeq" < furthest.target
  RETURNING members.room, members."user", members."readSeq"
)
SELECT coalesce(moved."readSeq", marks."readSeq") AS "readSeq", moved.room IS NOT NULL AS "isMoved"
FROM marks LEFT JOIN moved ON moved.room = marks.room AND moved."user" = marks."user"
ORDER BY marks.n`;

/** What move-read.ts does, for PostgreSQL: the marks of one moment are one statement and one commit. */
export function createMoveReadBatch(): BatchProcedure {
  return {
    statement,
    toParameters: (inputs: readonly MoveReadInput[]) => [
      // PostgreSQL knows no U+0000, and no room has one in its id.
      inputs.map(([room]) => room.replaceAll('\0', '\uFFFD')),
      inputs.map(([, user]) => user),
      inputs.map(([, , seq]) => seq),
    ],
    check: () => undefined,
    read: (_: MoveReadInput, { readSeq, isMoved }: Row): ReadMoved =>
      readSeq === null ? undefined : [readSeq, isMoved === 1],
    failed: () => undefined,
  };
}
