import type { Caller, OtherGrants } from '../accounts/caller.ts';
import { covers } from '../accounts/scope.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Log } from '../log.ts';
import { hashAccessToken, isAccessTokenId, isAccessTokenSecret } from './access-token.ts';
import {
  AccessGrantQueries,
  type AccessGrantRow,
  endExpiredAccessTokens,
  touchAccessToken,
} from './access-token-store.ts';

/** A use is written down at most this often, in milliseconds. */
const touchInterval = 5 * 60 * 1_000;

type AccessGrantDeps = { db: Database; clock: Clock; log: Log };

/** Access tokens as grants: who makes a request by one, or hangs on one, with the rights of the live row. */
export class AccessGrants implements OtherGrants {
  readonly #deps: AccessGrantDeps;
  readonly #queries: AccessGrantQueries;
  readonly #touching = new Set<string>();

  constructor(deps: AccessGrantDeps) {
    this.#deps = deps;
    this.#queries = new AccessGrantQueries(deps.db);
  }

  isBearer(bearer: string): boolean {
    return isAccessTokenSecret(bearer);
  }

  isGrantId(id: string): boolean {
    return isAccessTokenId(id);
  }

  async findByBearer(bearer: string): Promise<Caller | undefined> {
    return this.#use(await this.#queries.findByHash(hashAccessToken(bearer)));
  }

  async findById(id: string): Promise<Caller | undefined> {
    return this.#use(await this.#queries.findById(id));
  }

  /** Ends those that have expired; to be called now and then. */
  async purge(): Promise<void> {
    while ((await endExpiredAccessTokens(this.#deps.db.kysely, this.#deps.clock.now())) > 0);
  }

  #use(row: AccessGrantRow | undefined): Caller | undefined {
    const now = this.#deps.clock.now();
    if (row === undefined || row.expiresAt <= now) return undefined;
    if (now - (row.lastUsedAt ?? 0) >= touchInterval) this.#touch(row.id, now);
    return toCaller(row);
  }

  // Nobody waits for this write: a request is answered whether or not its time was noted.
  #touch(id: string, now: number): void {
    if (this.#touching.has(id)) return;
    this.#touching.add(id);
    touchAccessToken(this.#deps.db.kysely, id, now)
      .catch((cause: unknown) => this.#deps.log.warn('The last use of an access token could not be noted', { cause }))
      .finally(() => this.#touching.delete(id));
  }
}

function toCaller({ id, scope, role, userId, name, email, createdAt, expiresAt }: AccessGrantRow): Caller {
  return {
    grantId: id,
    scope,
    user: { id: userId, name },
    role: covers(scope, 'admin') ? role : 'member',
    email,
    createdAt,
    // A token shows what its person once allowed, never that they are there now.
    confirmedAt: 0,
    expiresAt,
    endsAt: expiresAt,
  };
}
