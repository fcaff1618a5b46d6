import type { signIn as signInSchema } from '@parlour/protocol/accounts';
import { ParlourError } from '@parlour/protocol/errors';
import { limits } from '@parlour/protocol/limits';
import type { Kysely } from 'kysely';
import type { InferOutput } from 'valibot';
import type { AttemptLog } from '../audit/attempt-log.ts';
import type { Tables } from '../database/tables.ts';
import type { Browser } from './browser.ts';
import { type LoggedIn, type LogInDeps, openSessionWith } from './open-session.ts';
import type { PasswordHash } from './password-hash.ts';
import { admitGuess, type SignInGuardDeps } from './sign-in-guard.ts';
import { findCredentials, type UserRow } from './user-store.ts';

/** What this browser brings back with the code that is still to come. It is no session. */
export type SecondStep = { stepCookie: string };
export type SignInDeps = LogInDeps &
  SignInGuardDeps & {
    passwords: PasswordHash;
    attempts: AttemptLog;
    /** Undefined where the password is enough. */
    beginSecondStep(userId: string): Promise<SecondStep | undefined>;
  };
type Credentials = UserRow & { hash: string | null };
export type SignIn = InferOutput<typeof signInSchema>;

/** Throws `wrong_credentials`, `rate_limited`, `busy` or, with the right password, `banned`. */
export async function signIn(deps: SignInDeps, credentials: SignIn, browser: Browser): Promise<LoggedIn | SecondStep> {
  const user = await checkCredentials(deps, credentials, browser);
  const step = await deps.beginSecondStep(user.id);
  if (step !== undefined) {
    await requireSamePassword(deps.db.kysely, user);
    return step;
  }
  return await openSessionWith(deps, browser, async (trx) => {
    await requireSamePassword(trx, user);
    return { userId: user.id, method: 'password' };
  });
}

// A hash takes its time: whoever changed the password meanwhile has shut out everybody who knew the old one.
async function requireSamePassword(db: Kysely<Tables>, { email, hash }: Credentials): Promise<void> {
  if ((await findCredentials(db, email))?.hash !== hash) throw wrongCredentials();
}

/** Whose password this is. An unknown address takes as long as a wrong password, and the refusal tells neither. */
async function checkCredentials(deps: SignInDeps, { email, password }: SignIn, browser: Browser): Promise<Credentials> {
  const found = await findCredentials(deps.db.kysely, email);
  const from = { subject: found?.id, from: browser };
  const guess = await admitGuess(deps, { email, userId: found?.id }, browser).catch((refusal: unknown) => {
    // Nobody waits for it: it is a flood.
    void deps.attempts.note({ kind: 'sign_in_limited', ...from });
    throw refusal;
  });
  // No account has a password that long.
  const isPossible = password.length <= limits.passwordMaximum * 2;
  const isRight = await deps.passwords.verify(password, found?.hash ?? undefined).catch((busy: unknown) => {
    guess.takeBack();
    throw busy;
  });
  if (!isRight || found === undefined || !isPossible) {
    await deps.attempts.note({ kind: 'sign_in_failed', ...from });
    throw wrongCredentials();
  }
  guess.forgive();
  return found;
}

function wrongCredentials(): ParlourError {
  return new ParlourError('wrong_credentials', 'Email and password do not match.');
}
