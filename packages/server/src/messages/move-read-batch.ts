import type { BatchProcedure } from '../database/postgres/batch-procedure.ts';
import type { MoveReadInput, ReadMoved } from './move-read.ts';

type Row = { readSeq: number | null; isMoved: number; isHeld: number };

/**
 * Where nothing moves, no row is written and so nothing waits for the disk. A batch waits for no row that somebody else
 * holds, such as the one that is appending that person's message: it would hold its own meanwhile, and the two might wait
 * for each other. Only a mark that is alone ($4) waits. The last conditions are looked at again once a row is locked.
 */
const statement = `
WITH marks AS (
  SELECT i.n, members.room, members."user", members."readSeq", least(i.seq, coalesce(head.seq, 0)) AS target
  FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS i(room, "user", seq, n)
  LEFT JOIN rooms ON rooms.id = i.room
  LEFT JOIN members ON members.room = rooms.number AND members."user" = i."user"
  LEFT JOIN LATERAL (
    SELECT events.seq FROM events WHERE events.room = rooms.number ORDER BY events.seq DESC LIMIT 1
  ) head ON true
), furthest AS (
  SELECT room, "user", max(target) AS target FROM marks WHERE "readSeq" < target GROUP BY room, "user"
), free AS MATERIALIZED (
  SELECT members.room, members."user" FROM members
  JOIN furthest ON members.room = furthest.room AND members."user" = furthest."user"
  WHERE NOT $4::boolean FOR NO KEY UPDATE OF members SKIP LOCKED
), moved AS (
  UPDATE members SET "readSeq" = furthest.target
  FROM furthest LEFT JOIN free ON free.room = furthest.room AND free."user" = furthest."user"
  WHERE ($4::boolean OR free.room IS NOT NULL)
    AND members.room = furthest.room AND members."user" = furthest."user" AND members."readSeq" < furthest.target
  RETURNING members.room, members."user", members."readSeq"
)
SELECT coalesce(moved."readSeq", CASE WHEN marks."readSeq" < marks.target THEN marks.target ELSE marks."readSeq" END)
    AS "readSeq",
  moved.room IS NOT NULL AS "isMoved", moved.room IS NULL AND coalesce(marks."readSeq" < marks.target, false) AS "isHeld"
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
      inputs.length === 1,
    ],
    isUndecided: ({ isHeld }: Row) => isHeld === 1,
    check: () => undefined,
    read: (_: MoveReadInput, { readSeq, isMoved }: Row): ReadMoved =>
      readSeq === null ? undefined : [readSeq, isMoved === 1],
    failed: () => undefined,
  };
}
