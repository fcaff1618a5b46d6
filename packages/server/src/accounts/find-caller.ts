import { ParlourError } from '@parlour/protocol/errors';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Caller, OtherGrants } from './caller.ts';
import type { SessionCookie } from './session-cookie.ts';
import { endOfSession, sessionIdle, touchInterval } from './session-life.ts';
import type { SessionRow, SessionStore } from './session-store.ts';
import type { Tokens } from './tokens.ts';

export type CallerDeps = {
  clock: Clock;
  log: Log;
  cookie: SessionCookie;
  sessions: SessionStore;
  tokens: Tokens;
  accessTokens: OtherGrants;
};

/**
 * Finds who makes a request: by the bearer alone where there is an `Authorization` header, by the session cookie
 * otherwise. Rights come from the live row, never from what the token says. Storage that cannot be read throws: an
 * outage is not a sign-out.
 */
export class CallerFinder {
  readonly #deps: CallerDeps;
  readonly #touching = new Set<string>();

  constructor(deps: CallerDeps) {
    this.#deps = deps;
  }

  async findCaller(headers: Headers): Promise<Caller | undefined> {
    const authorization = headers.get('authorization');
    if (authorization !== null) return await this.#findByBearer(authorization);
    const tokenHash = this.#deps.cookie.read(headers.get('cookie'));
    return tokenHash === undefined ? undefined : this.#use(await this.#deps.sessions.findByToken(tokenHash));
  }

  /** The grant by its id, if it lives: the right that a socket hangs on. */
  async findGrant(grantId: string): Promise<Caller | undefined> {
    const { accessTokens, sessions } = this.#deps;
    if (accessTokens.isGrantId(grantId)) return await accessTokens.findById(grantId);
    return this.#toLiving(await sessions.findById(grantId));
  }

  async #findByBearer(authorization: string): Promise<Caller | undefined> {
    const [, bearer] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
    if (bearer === undefined) return undefined;
    const { accessTokens, sessions, tokens } = this.#deps;
    if (accessTokens.isBearer(bearer)) return await accessTokens.findByBearer(bearer);
    try {
      const { sub, sid } = await tokens.verify(bearer);
      const isAccessToken = accessTokens.isGrantId(sid);
      const caller = isAccessToken ? await accessTokens.findById(sid) : this.#use(await sessions.findById(sid));
      // Whoever holds a token has not shown that its person is there now.
      return caller?.user.id === sub ? { ...caller, confirmedAt: 0 } : undefined;
    } catch (error) {
      if (error instanceof ParlourError && error.code === 'not_authenticated') return undefined;
      throw error;
    }
  }

  #toLiving(row: SessionRow | undefined): Caller | undefined {
    if (row === undefined) return undefined;
    const caller = toCaller(row);
    return caller.expiresAt > this.#deps.clock.now() ? caller : undefined;
  }

  #use(row: SessionRow | undefined): Caller | undefined {
    const caller = this.#toLiving(row);
    return row === undefined || caller === undefined ? undefined : this.#touch(caller, row);
  }

  // Nobody waits for this write: a request is answered whether or not its time was noted.
  #touch(caller: Caller, row: SessionRow): Caller {
    const now = this.#deps.clock.now();
    const { id } = row;
    if (now - Date.parse(row.updatedAt) < touchInterval || this.#touching.has(id)) return caller;
    this.#touching.add(id);
    this.#deps.sessions
      .touch(id, now)
      .catch((cause: unknown) => this.#deps.log.warn('The last use of a session could not be noted', { cause }))
      .finally(() => this.#touching.delete(id));
    return { ...caller, expiresAt: Math.min(Date.parse(row.expiresAt), now + sessionIdle) };
  }
}

function toCaller(row: SessionRow): Caller {
  return {
    grantId: row.id,
    scope: 'full',
    user: { id: row.userId, name: row.name },
    role: row.role,
    email: row.email,
    createdAt: row.createdAt,
    confirmedAt: row.confirmedAt,
    expiresAt: endOfSession(row),
    endsAt: Date.parse(row.expiresAt),
  };
}
