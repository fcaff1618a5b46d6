import { ParlourError } from '@parlour/protocol/errors';
import type { Kysely } from 'kysely';
import type { Browser } from '../accounts/browser.ts';
import { admitGuess } from '../accounts/sign-in-guard.ts';
import { writeAudit } from '../audit/write-audit.ts';
import type { Tables } from '../database/tables.ts';
import { hashRecoveryCode } from './recovery-codes.ts';
import { type SecondFactorDeps, sealedFor } from './second-factor.ts';
import { findSecondFactor, spendRecoveryCode, spendStep } from './second-factor-store.ts';
import { findStep } from './totp.ts';

export type Guesser = { userId: string; code: string; browser: Browser };

/**
 * Does something for a right code, in one transaction with using it up. `act` asks `spend` for it. Guesses are slowed
 * down as those at a password are: whoever signs in from where they did before waits for nobody else's. Throws
 * `code_refused`, `rate_limited`.
 */
export async function withCode<Result>(
  deps: SecondFactorDeps,
  guesser: Guesser,
  act: (spend: (db: Kysely<Tables>) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const { userId, browser } = guesser;
  const guess = await admitCode(deps, guesser);
  let isSpent = false;
  try {
    return await act(async (db) => {
      await spendCode(deps, db, guesser);
      isSpent = true;
    });
  } catch (error) {
    if (error instanceof ParlourError && error.code === 'code_refused') {
      await deps.attempts.note({ kind: 'second_factor_failed', subject: userId, from: browser });
    } else if (!isSpent) guess.takeBack();
    throw error;
  } finally {
    if (isSpent) guess.forgive();
  }
}

/** Counts a guess at somebody's code, as one at their password is counted. Throws `rate_limited`. */
export async function admitCode(deps: SecondFactorDeps, { userId, browser }: Guesser) {
  const { secondFactor: account, guesses } = deps.limits;
  const guard = { ...deps, limits: { account, guesses } };
  return await admitGuess(guard, { email: `second factor of ${userId}`, userId }, browser);
}

/** Uses up a code of the app, or a recovery code. Throws `code_refused`. */
async function spendCode(deps: SecondFactorDeps, db: Kysely<Tables>, guesser: Guesser): Promise<void> {
  const { userId, browser } = guesser;
  const code = guesser.code.replaceAll(/[\s-]/g, '');
  const isRight = /^\d{6}$/.test(code)
    ? await spendTotp(deps, db, userId, code)
    : await spendRecovery(deps, db, { userId, code, browser });
  if (!isRight) throw codeRefused();
}

async function spendTotp(deps: SecondFactorDeps, db: Kysely<Tables>, userId: string, code: string): Promise<boolean> {
  const secret = await openSecret(deps, db, userId);
  const step = secret === undefined ? undefined : findStep(secret, code, deps.clock.now());
  return step !== undefined && (await spendStep(db, userId, step));
}

async function openSecret({ sealer }: SecondFactorDeps, db: Kysely<Tables>, userId: string) {
  const row = await findSecondFactor(db, userId);
  if (row === undefined || row.confirmedAt === null) return undefined;
  const secret = sealer.open(sealedFor(userId), row.secret);
  if (secret === undefined) throw new Error('The second factor was not sealed by this house for this person.');
  return secret;
}

async function spendRecovery(
  { clock }: SecondFactorDeps,
  db: Kysely<Tables>,
  { userId, code, browser }: Guesser,
): Promise<boolean> {
  const hash = hashRecoveryCode(userId, code);
  if (hash === undefined || !(await spendRecoveryCode(db, { userId, hash, at: clock.now() }))) return false;
  await writeAudit(db, clock, { kind: 'recovery_code_used', actor: userId, subject: userId, from: browser });
  return true;
}

export function codeRefused(): ParlourError {
  return new ParlourError('code_refused', 'This code is not right, or was used before.', { field: 'code' });
}
