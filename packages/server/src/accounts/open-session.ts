import type { Role } from '@parlour/protocol/accounts';
import { ParlourError } from '@parlour/protocol/errors';
import type { SessionMethod } from '@parlour/protocol/sessions';
import type { Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import { newId } from '../ids.ts';
import type { Browser } from './browser.ts';
import type { KnownBrowsers } from './known-browsers.ts';
import type { SessionCookie } from './session-cookie.ts';
import { sessionLife } from './session-life.ts';
import type { SessionStore } from './session-store.ts';
import { findUser } from './user-store.ts';

/** The session at an OpenID provider that this one hangs on. */
export type ProviderSession = {
  provider: string;
  subject: string;
  /** The provider's own `sid`, where it tells one. */
  session: string | null;
  /** Sealed: signing out shows it to the provider. */
  idToken: string | null;
};
/** Where a session came from, when it ends. */
export type SignedInAt = Pick<ProviderSession, 'provider' | 'idToken'>;
export type Login = { userId: string; method: SessionMethod; provider?: ProviderSession };
export type LoggedIn = {
  user: { id: string; name: string; email: string; role: Role };
  /** The `Set-Cookie` that is the session. Its token goes nowhere else. */
  cookie: string;
  /** The `Set-Cookie` that this browser is known by when somebody guesses at the password. */
  browserCookie: string;
};
/** A login that has just begun. */
export type SignedIn = {
  userId: string;
  email: string;
  /** The id of the session. */
  session: string;
  method: SessionMethod;
  at: number;
  userAgent: string;
  /** The network address. */
  address: string;
};
export type LogInDeps = {
  db: Database;
  clock: Clock;
  cookie: SessionCookie;
  knownBrowsers: KnownBrowsers;
  sessions: SessionStore;
  /** The revocation log has something new, so that it is read at once. */
  onSessionEnded(): void;
  /** Called after the commit of each login; nothing of the login waits for what it begins. */
  onSignedIn(signedIn: SignedIn): void;
};

/**
 * The one door that every login goes through, whatever the method: a new session, and the end of the one that this
 * browser held, in one transaction with what `work` does in it. Throws `banned`.
 */
export async function openSessionWith(
  deps: LogInDeps,
  browser: Browser,
  work: (transaction: Transaction<Tables>) => Promise<Login>,
): Promise<LoggedIn> {
  const { db, clock, cookie } = deps;
  const replaces = await findHeldSession(deps, browser);
  const made = cookie.make(sessionLife / 1_000);
  const { user, signedIn } = await db.kysely.transaction().execute(async (trx) => {
    const { userId, method, provider } = await work(trx);
    const found = await findUser(trx, userId);
    if (found === undefined) throw new ParlourError('not_authenticated', 'This account was closed.');
    if (found.bannedAt !== null) throw new ParlourError('banned', 'You were banned from this house.');
    const now = clock.now();
    const row = {
      id: newId(),
      tokenHash: made.tokenHash,
      userId,
      createdAt: new Date(now).toISOString(),
      updatedAt: new Date(now).toISOString(),
      confirmedAt: now,
      expiresAt: new Date(now + sessionLife).toISOString(),
      ipAddress: browser.clientAddress,
      userAgent: browser.headers.get('user-agent')?.slice(0, 400) ?? '',
      method,
      provider: provider?.provider ?? null,
      providerSubject: provider?.subject ?? null,
      providerSession: provider?.session ?? null,
      providerIdToken: provider?.idToken ?? null,
      replaces: replaces ?? null,
    };
    await trx.insertInto('session').values(row).execute();
    const { id: session, userAgent, ipAddress: address } = row;
    return {
      user: { id: found.id, name: found.name, email: found.email, role: found.role },
      signedIn: { userId, email: found.email, session, method, at: now, userAgent, address },
    };
  });
  if (replaces !== undefined) deps.onSessionEnded();
  deps.onSignedIn(signedIn);
  return { user, cookie: made.cookie, browserCookie: deps.knownBrowsers.remember(user.id) };
}

// Whether it has expired or not: whatever this browser held ends.
async function findHeldSession({ cookie, sessions }: LogInDeps, { headers }: Browser): Promise<string | undefined> {
  if (headers.has('authorization')) return undefined;
  const tokenHash = cookie.read(headers.get('cookie'));
  return tokenHash === undefined ? undefined : (await sessions.findByToken(tokenHash))?.id;
}
