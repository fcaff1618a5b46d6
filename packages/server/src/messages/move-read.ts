// Runs inside the writer thread (database/sqlite/procedure.ts).
import type { DatabaseSync } from 'node:sqlite';
import type { Procedure } from '../database/sqlite/procedure.ts';

/** Flat, because it crosses threads. */
export type MoveReadInput = [room: string, user: string, seq: number];
/** Where the member's read state is now; undefined for who is no member. */
export type ReadMoved = [readSeq: number, isMoved: boolean] | undefined;

type Found = { room: number; readSeq: number; head: number };

export function prepare(db: DatabaseSync): Procedure {
  const find = db.prepare(
    `SELECT members.room, members.readSeq, coalesce(
       (SELECT seq FROM events WHERE events.room = members.room ORDER BY seq DESC LIMIT 1), 0) AS head
     FROM rooms JOIN members ON members.room = rooms.number WHERE rooms.id = ? AND members.user = ?`,
  );
  const move = db.prepare('UPDATE members SET readSeq = ? WHERE room = ? AND user = ?');
  return {
    run: ([roomId, user, seq]: MoveReadInput): ReadMoved => {
      const found = find.get(roomId, user) as Found | undefined;
      if (found === undefined) return undefined;
      const { room, readSeq, head } = found;
      const target = Math.min(seq, head);
      // A commit without a change writes nothing.
      if (target <= readSeq) return [readSeq, false];
      move.run(target, room, user);
      return [target, true];
    },
    forget: () => undefined,
  };
}
