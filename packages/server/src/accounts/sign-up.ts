import type { signUp as signUpSchema } from '@parlour/protocol/accounts';
import { ParlourError } from '@parlour/protocol/errors';
import type { InferOutput } from 'valibot';
import type { AttemptLog } from '../audit/attempt-log.ts';
import { newId } from '../ids.ts';
import { addPerson, type WelcomeDeps, welcome } from './add-person.ts';
import { type AdmissionDeps, judgeAdmission } from './admission.ts';
import type { Browser } from './browser.ts';
import { type LoggedIn, type LogInDeps, openSessionWith } from './open-session.ts';
import type { PasswordHash } from './password-hash.ts';
import { refuseGuessable } from './refuse-guessable.ts';
import { putPassword } from './user-store.ts';
import { askToVerify, type VerifyDeps } from './verify-email.ts';

export type SignUpDeps = LogInDeps &
  AdmissionDeps &
  WelcomeDeps &
  VerifyDeps & { passwords: PasswordHash; attempts: AttemptLog; houseName: string };

/**
 * Makes an account and signs it in: person, password, session, claim and the invite's use in one transaction. Throws
 * `email_taken`, `sign_up_closed`, `invite_required`, `claim_invalid`, `already_claimed`, `busy`, `invalid_field` where
 * the password is easily guessed, or what is wrong with the invite.
 */
export async function signUp(
  deps: SignUpDeps,
  { name, email, password, ...entry }: InferOutput<typeof signUpSchema>,
  browser: Browser,
): Promise<LoggedIn> {
  const admission = await judgeAdmission(deps, entry).catch(async (refusal: unknown) => {
    if (refusal instanceof ParlourError) {
      await deps.attempts.note({ kind: 'sign_up_refused', from: browser, detail: { code: refusal.code } });
    }
    throw refusal;
  });
  await refuseGuessable(password, { houseName: deps.houseName, name, email });
  // Before the transaction, which must not wait for it: every message in the house waits for the transaction.
  const hash = await deps.passwords.hash(password);
  const id = newId();
  const loggedIn = await openSessionWith(deps, browser, async (trx) => {
    const person = { id, name, email, emailVerified: false };
    if (!(await addPerson(trx, deps.clock, person, admission, browser))) throw emailTaken();
    await putPassword(trx, id, hash, deps.clock.now());
    return { userId: id, method: 'sign_up' };
  });
  await welcome(deps, { id, name });
  await askToVerify(deps, id, email).catch((cause: unknown) =>
    deps.log.error('The mail to confirm an address could not be made', { user: id, cause }),
  );
  return loggedIn;
}

function emailTaken(): ParlourError {
  return new ParlourError('email_taken', 'This address has an account already. Sign in instead.', { field: 'email' });
}
