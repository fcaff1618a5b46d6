import { ParlourError } from '@parlour/protocol/errors';
import type { Browser } from '../accounts/browser.ts';
import { type LoggedIn, type LogInDeps, openSessionWith } from '../accounts/open-session.ts';
import type { SecondStep } from '../accounts/sign-in.ts';
import type { SecondFactorDeps } from './second-factor.ts';
import { findSecondFactor } from './second-factor-store.ts';
import type { SecondStepCookie } from './second-step-cookie.ts';
import { codeRefused, withCode } from './use-code.ts';

const seconds = 300;
const triesAtMost = 5;

export type SecondStepDeps = SecondFactorDeps & { stepCookie: SecondStepCookie };

/** After the right password: undefined where that is all, or what lets this browser go on with a code. */
export async function beginSecondStep(deps: SecondStepDeps, userId: string): Promise<SecondStep | undefined> {
  const found = await findSecondFactor(deps.db.kysely, userId);
  if (found === undefined || found.confirmedAt === null) return undefined;
  const secret = await deps.secrets.issue({ kind: 'second_factor', userId, seconds });
  return { stepCookie: deps.stepCookie.make(secret, seconds) };
}

/** Opens the session. Throws `code_refused`, `rate_limited`, `banned`, and `second_factor_expired` when the password is due again. */
export async function finishSecondStep(
  deps: SecondStepDeps & LogInDeps,
  code: string,
  browser: Browser,
): Promise<LoggedIn> {
  const secret = deps.stepCookie.read(browser.headers.get('cookie')) ?? '';
  const userId = (await deps.secrets.find('second_factor', secret))?.userId ?? undefined;
  if (userId === undefined) throw expired();
  return await withCode(deps, { userId, code, browser }, async (spend) => {
    if (!(await deps.secrets.countTry('second_factor', secret, triesAtMost))) throw expired();
    return await openSessionWith(deps, browser, async (trx) => {
      await spend(trx);
      // Two right codes at once on one first step are one login.
      if ((await deps.secrets.use('second_factor', secret, trx)) === undefined) throw codeRefused();
      return { userId, method: 'password' };
    });
  });
}

function expired(): ParlourError {
  return new ParlourError('second_factor_expired', 'That took too long, or too many tries. Enter your password again.');
}
