import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Log } from '../log.ts';
import { type AuditEntry, writeAudit } from './write-audit.ts';

type AttemptLogDeps = { db: Pick<Database, 'kysely' | 'probe'>; clock: Clock; log: Log };
type Count = { since: number; seen: number; unwritten: number };

const window = 60 * 60 * 1_000;
/** Of one kind about one person in an hour, so many are written; then only each that doubles their number. */
const written = 20;
const keyMaximum = 10_000;

/**
 * Notes what anybody can bring about as often as they like, such as a wrong password, without letting them fill the log:
 * a row that stands for several says how many (`unwritten`).
 */
export class AttemptLog {
  readonly #db: AttemptLogDeps['db'];
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #counts = new Map<string, Count>();

  constructor({ db, clock, log }: AttemptLogDeps) {
    this.#db = db;
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * Never throws. What is not written costs a commit nevertheless: whether something was written, and about whom, must
   * not show in the time of an answer.
   */
  async note(entry: AuditEntry): Promise<void> {
    const unwritten = this.#count(`${entry.kind} ${entry.subject ?? ''}`);
    try {
      if (unwritten === undefined) return await this.#db.probe();
      const detail = { ...entry.detail, ...(unwritten === 0 ? {} : { unwritten }) };
      await writeAudit(this.#db.kysely, this.#clock, { ...entry, detail });
    } catch (cause) {
      this.#log.error('A security event could not be noted', { kind: entry.kind, cause });
    }
  }

  /** How many of them were not written before this one, or undefined where this one is not written either. */
  #count(key: string): number | undefined {
    const count = this.#begin(key);
    count.seen += 1;
    const doubles = Number.isInteger(Math.log2(count.seen / written));
    if (count.seen > written && !doubles) {
      count.unwritten += 1;
      return undefined;
    }
    const { unwritten } = count;
    count.unwritten = 0;
    return unwritten;
  }

  #begin(key: string): Count {
    const now = this.#clock.now();
    const before = this.#counts.get(key);
    const isOver = before === undefined || now - before.since >= window;
    const count = isOver ? { since: now, seen: 0, unwritten: before?.unwritten ?? 0 } : before;
    this.#counts.delete(key);
    this.#counts.set(key, count);
    for (const oldest of this.#counts.keys()) {
      if (this.#counts.size <= keyMaximum) break;
      this.#counts.delete(oldest);
    }
    return count;
  }
}
