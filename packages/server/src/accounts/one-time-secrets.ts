import { createHash, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Tables } from '../database/tables.ts';

/** What a one-time secret is good for; one of another kind is unknown. */
export type OneTimeKind = 'email_verification' | 'password_reset' | 'second_factor' | 'passkey' | 'single_sign_on';

type Issue = { kind: OneTimeKind; userId?: string; data?: unknown; seconds: number };
type Used = { userId: string | null; data: unknown };

/**
 * Secrets of 256 bits that work once and for a short time: links in mails, steps of a login. Only hashes are stored.
 */
export class OneTimeSecrets {
  readonly #db: Kysely<Tables>;
  readonly #clock: Clock;

  constructor(db: Kysely<Tables>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async issue({ kind, userId, data = null, seconds }: Issue, db = this.#db): Promise<string> {
    const secret = randomBytes(32).toString('base64url');
    const expiresAt = this.#clock.now() + seconds * 1_000;
    const row = { hash: hash(secret), kind, userId: userId ?? null, data: JSON.stringify(data), expiresAt };
    await db.insertInto('oneTimeSecrets').values(row).execute();
    return secret;
  }

  /**
   * Uses a secret up, in one statement: of two who race, one finds it. Within a transaction that is rolled back, it was
   * not used.
   */
  async use(kind: OneTimeKind, secret: string, db = this.#db): Promise<Used | undefined> {
    const row = await db
      .deleteFrom('oneTimeSecrets')
      .where('hash', '=', hash(secret))
      .where('kind', '=', kind)
      .returning(['userId', 'data', 'expiresAt'])
      .executeTakeFirst();
    if (row === undefined || row.expiresAt <= this.#clock.now()) return undefined;
    return { userId: row.userId, data: JSON.parse(row.data) };
  }

  /** Looks without using: for a page that says whether its link still works. */
  async find(kind: OneTimeKind, secret: string): Promise<Used | undefined> {
    const row = await this.#db
      .selectFrom('oneTimeSecrets')
      .select(['userId', 'data', 'expiresAt'])
      .where('hash', '=', hash(secret))
      .where('kind', '=', kind)
      .executeTakeFirst();
    if (row === undefined || row.expiresAt <= this.#clock.now()) return undefined;
    return { userId: row.userId, data: JSON.parse(row.data) };
  }

  /** Counts a try at something that stands behind the secret, in one statement. False where there were too many. */
  async countTry(kind: OneTimeKind, secret: string, maximum: number): Promise<boolean> {
    const result = await this.#db
      .updateTable('oneTimeSecrets')
      .set((eb) => ({ tries: eb('tries', '+', 1) }))
      .where('hash', '=', hash(secret))
      .where('kind', '=', kind)
      .where('tries', '<', maximum)
      .executeTakeFirst();
    return result.numUpdatedRows === 1n;
  }

  /** Takes back what was issued to a person and not used. */
  async revoke(kind: OneTimeKind, userId: string, db = this.#db): Promise<void> {
    await db.deleteFrom('oneTimeSecrets').where('userId', '=', userId).where('kind', '=', kind).execute();
  }

  /** Takes everything back that waits for a person, of whatever kind. */
  async revokeAll(userId: string, db = this.#db): Promise<void> {
    await db.deleteFrom('oneTimeSecrets').where('userId', '=', userId).execute();
  }

  /** What waits for a person: the latest of this kind. */
  async findOf(kind: OneTimeKind, userId: string): Promise<unknown> {
    const row = await this.#db
      .selectFrom('oneTimeSecrets')
      .select('data')
      .where('userId', '=', userId)
      .where('kind', '=', kind)
      .where('expiresAt', '>', this.#clock.now())
      .orderBy('expiresAt', 'desc')
      .executeTakeFirst();
    return row && JSON.parse(row.data);
  }

  async purge(): Promise<void> {
    await this.#db.deleteFrom('oneTimeSecrets').where('expiresAt', '<=', this.#clock.now()).execute();
  }
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
