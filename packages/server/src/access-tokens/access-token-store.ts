import type { AccessScope } from '@parlour/protocol/access-tokens';
import type { Role } from '@parlour/protocol/accounts';
import type { CompiledQuery, Kysely } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import type { AccessTokenRow } from './access-token.ts';

type Queries = Kysely<Tables>;
export type NewAccessTokenRow = Omit<AccessTokenRow, 'lastUsedAt'> & { userId: string; hash: string };
/** A token with its person, as a request by it needs them. */
export type AccessGrantRow = {
  id: string;
  scope: AccessScope;
  expiresAt: number;
  lastUsedAt: number | null;
  userId: string;
  name: string;
  email: string;
  role: Role;
  createdAt: string;
};

/** A transaction keeps every message waiting, so many ends are many short ones. */
const purgeBatch = 200;

/** Whether the session still lives: what ends it ends what is being made by it too. */
export async function hasSession(trx: Queries, id: string): Promise<boolean> {
  return (await trx.selectFrom('session').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

export async function countAccessTokens(trx: Queries, userId: string): Promise<number> {
  const row = await trx
    .selectFrom('accessTokens')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('userId', '=', userId)
    .executeTakeFirstOrThrow();
  return row.count;
}

export async function insertAccessToken(trx: Queries, row: NewAccessTokenRow): Promise<void> {
  await trx
    .insertInto('accessTokens')
    .values({ ...row, lastUsedAt: null })
    .execute();
}

/** Newest first. */
export async function listAccessTokenRows(db: Queries, userId: string, now: number): Promise<AccessTokenRow[]> {
  const rows = await db
    .selectFrom('accessTokens')
    .select(['id', 'name', 'scope', 'createdAt', 'expiresAt', 'lastUsedAt'])
    .where('userId', '=', userId)
    .where('expiresAt', '>', now)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows as AccessTokenRow[];
}

/** Whether there was such a token of this person's. The trigger on the table writes the revocation log. */
export async function deleteAccessToken(db: Queries, id: string, userId: string): Promise<boolean> {
  const deleted = await db
    .deleteFrom('accessTokens')
    .where('id', '=', id)
    .where('userId', '=', userId)
    .executeTakeFirst();
  return deleted.numDeletedRows === 1n;
}

export async function touchAccessToken(db: Queries, id: string, now: number): Promise<void> {
  await db.updateTable('accessTokens').set({ lastUsedAt: now }).where('id', '=', id).execute();
}

/** Ends those that have expired, and tells how many; at most a batch. */
export async function endExpiredAccessTokens(db: Queries, now: number): Promise<number> {
  return await db.transaction().execute(async (trx) => {
    const expired = trx.selectFrom('accessTokens').select('id').where('expiresAt', '<=', now).limit(purgeBatch);
    await trx.updateTable('accessTokens').set({ endReason: 'expired' }).where('id', 'in', expired).execute();
    const ended = await trx.deleteFrom('accessTokens').where('endReason', '=', 'expired').executeTakeFirst();
    return Number(ended.numDeletedRows);
  });
}

/** Finds who a token stands for. Compiled once: building the same query at every request costs more than running it. */
export class AccessGrantQueries {
  readonly #read: Database['read'];
  readonly #byHash: CompiledQuery<AccessGrantRow>;
  readonly #byId: CompiledQuery<AccessGrantRow>;

  constructor({ kysely, read }: Database) {
    this.#read = read;
    this.#byHash = selectGrant(kysely).where('accessTokens.hash', '=', '').compile();
    this.#byId = selectGrant(kysely).where('accessTokens.id', '=', '').compile();
  }

  async findByHash(hash: string): Promise<AccessGrantRow | undefined> {
    return (await this.#read(this.#byHash, [hash]))[0];
  }

  async findById(id: string): Promise<AccessGrantRow | undefined> {
    return (await this.#read(this.#byId, [id]))[0];
  }
}

function selectGrant(db: Queries) {
  return db
    .selectFrom('accessTokens')
    .innerJoin('user', 'user.id', 'accessTokens.userId')
    .select(['accessTokens.id', 'accessTokens.scope', 'accessTokens.expiresAt', 'accessTokens.lastUsedAt'])
    .select(['user.id as userId', 'user.name', 'user.email', 'user.role', 'user.createdAt'])
    .$castTo<AccessGrantRow>();
}
