import type { RecoveryCodes } from '@parlour/protocol/second-factor';
import type { Browser } from '../accounts/browser.ts';
import type { Caller } from '../accounts/caller.ts';
import { requireRecent } from '../accounts/require-recent.ts';
import { writeAudit } from '../audit/write-audit.ts';
import type { SecondFactorDeps } from './second-factor.ts';
import { removeSecondFactor } from './second-factor-store.ts';
import { giveRecoveryCodes } from './set-up-second-factor.ts';
import { withCode } from './use-code.ts';

/** Takes a code, so that a stolen session and password do not get past it. Throws `confirmation_required`, `code_refused`, `rate_limited`. */
export async function turnOffSecondFactor(
  deps: SecondFactorDeps,
  caller: Caller,
  code: string,
  browser: Browser,
): Promise<void> {
  requireRecent(deps, caller);
  const { id } = caller.user;
  await withCode(deps, { userId: id, code, browser }, (spend) =>
    deps.db.kysely.transaction().execute(async (trx) => {
      await spend(trx);
      await removeSecondFactor(trx, id);
      await writeAudit(trx, deps.clock, { kind: 'second_factor_off', actor: id, subject: id, from: browser });
    }),
  );
}

/** New codes; the old ones are worth nothing. Throws as turning it off does. */
export async function renewRecoveryCodes(
  deps: SecondFactorDeps,
  caller: Caller,
  code: string,
  browser: Browser,
): Promise<RecoveryCodes> {
  requireRecent(deps, caller);
  const { id } = caller.user;
  return await withCode(deps, { userId: id, code, browser }, (spend) =>
    deps.db.kysely.transaction().execute(async (trx) => {
      await spend(trx);
      await writeAudit(trx, deps.clock, { kind: 'recovery_codes_made', actor: id, subject: id, from: browser });
      return await giveRecoveryCodes(trx, id);
    }),
  );
}
