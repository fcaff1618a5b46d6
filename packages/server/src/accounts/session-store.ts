import type { Role } from '@parlour/protocol/accounts';
import type { SessionMethod } from '@parlour/protocol/sessions';
import { type CompiledQuery, type Kysely, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { SignedInAt } from './open-session.ts';

export type SessionRow = {
  id: string;
  expiresAt: string;
  updatedAt: string;
  confirmedAt: number;
  userId: string;
  name: string;
  email: string;
  role: Role;
  createdAt: string;
};

/** What the list of one's devices shows of a session. */
export type SessionListRow = {
  id: string;
  userAgent: string;
  ipAddress: string;
  createdAt: string;
  updatedAt: string;
  method: SessionMethod;
};

/** A transaction keeps every message waiting, so many ends are many short ones. */
const purgeBatch = 200;

/** Every query about sessions. */
export class SessionStore {
  readonly #db: Kysely<Tables>;
  readonly #read: Database['read'];
  // Compiled once: building the same query at every request costs more than running it.
  readonly #byToken: CompiledQuery<SessionRow>;
  readonly #byId: CompiledQuery<SessionRow>;

  constructor({ kysely, read }: Database) {
    this.#db = kysely;
    this.#read = read;
    this.#byToken = selectLogin(kysely).where('session.tokenHash', '=', '').compile();
    this.#byId = selectLogin(kysely).where('session.id', '=', '').compile();
  }

  async findByToken(tokenHash: string): Promise<SessionRow | undefined> {
    return (await this.#read(this.#byToken, [tokenHash]))[0];
  }

  async findById(id: string): Promise<SessionRow | undefined> {
    return (await this.#read(this.#byId, [id]))[0];
  }

  /** Newest first. */
  async listOf(
    userId: string,
    before: readonly [createdAt: string, id: string] | undefined,
    limit: number,
  ): Promise<SessionListRow[]> {
    let query = this.#db
      .selectFrom('session')
      .select(['id', 'userAgent', 'ipAddress', 'createdAt', 'updatedAt', 'method'])
      .where('userId', '=', userId)
      .orderBy('createdAt', 'desc')
      .orderBy('id', 'desc')
      .limit(limit);
    if (before !== undefined) query = query.where(sql<boolean>`("createdAt", id) < (${before[0]}, ${before[1]})`);
    return (await query.execute()) as SessionListRow[];
  }

  /** The provider that a session came from, with the sealed ID token of that login. */
  async findProvider(id: string): Promise<SignedInAt | undefined> {
    const row = await this.#db
      .selectFrom('session')
      .select(['provider', 'providerIdToken as idToken'])
      .where('id', '=', id)
      .where('provider', 'is not', null)
      .executeTakeFirst();
    return row as SignedInAt | undefined;
  }

  async touch(id: string, now: number): Promise<void> {
    await this.#db
      .updateTable('session')
      .set({ updatedAt: toText(now) })
      .where('id', '=', id)
      .execute();
  }

  /** Ends a session. The trigger on the table writes the revocation log, with this reason. */
  async end(id: string, reason: string): Promise<void> {
    await this.#db.transaction().execute(async (trx) => {
      await trx.updateTable('session').set({ endReason: reason }).where('id', '=', id).execute();
      await trx.deleteFrom('session').where('id', '=', id).execute();
    });
  }

  /** Ends sessions that lived long enough or were last used before `idleSince`, and tells how many; at most a batch. */
  async endExpired(now: number, idleSince: number): Promise<number> {
    return await this.#db.transaction().execute(async (trx) => {
      const expired = trx
        .selectFrom('session')
        .select('id')
        .where((eb) => eb.or([eb('expiresAt', '<=', toText(now)), eb('updatedAt', '<=', toText(idleSince))]))
        .limit(purgeBatch);
      await trx.updateTable('session').set({ endReason: 'expired' }).where('id', 'in', expired).execute();
      const ended = await trx.deleteFrom('session').where('endReason', '=', 'expired').executeTakeFirst();
      return Number(ended.numDeletedRows);
    });
  }
}

function selectLogin(db: Kysely<Tables>) {
  return db
    .selectFrom('session')
    .innerJoin('user', 'user.id', 'session.userId')
    .select(['session.id', 'session.expiresAt', 'session.updatedAt', 'session.confirmedAt', 'user.id as userId'])
    .select(['user.name', 'user.email', 'user.role', 'user.createdAt'])
    .$castTo<SessionRow>();
}

function toText(time: number): string {
  return new Date(time).toISOString();
}
