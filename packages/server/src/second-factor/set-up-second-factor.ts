import type { RecoveryCodes, SecondFactorSetUp } from '@parlour/protocol/second-factor';
import type { Kysely } from 'kysely';
import type { Browser } from '../accounts/browser.ts';
import type { Caller } from '../accounts/caller.ts';
import { requireLiving } from '../accounts/require-living.ts';
import { requireRecent } from '../accounts/require-recent.ts';
import { writeAudit } from '../audit/write-audit.ts';
import type { Tables } from '../database/tables.ts';
import { hashRecoveryCode, makeRecoveryCodes } from './recovery-codes.ts';
import { type SecondFactorDeps, sealedFor, secondFactorExists } from './second-factor.ts';
import { confirmDraft, findSecondFactor, putDraft, replaceRecoveryCodes } from './second-factor-store.ts';
import { findStep, newTotpSecret, totpUri } from './totp.ts';
import { admitCode, codeRefused } from './use-code.ts';

/** A new secret, which counts for nothing until a code of it is shown. Throws `confirmation_required`, `second_factor_exists`. */
export async function setUpSecondFactor(deps: SecondFactorDeps, caller: Caller): Promise<SecondFactorSetUp> {
  requireRecent(deps, caller);
  const { id } = caller.user;
  const secret = newTotpSecret();
  if (!(await putDraft(deps.db.kysely, id, deps.sealer.seal(sealedFor(id), secret)))) throw secondFactorExists();
  return { secret, uri: totpUri(secret, deps.houseName, caller.email) };
}

/** Turns it on by a first code. Throws `confirmation_required`, `second_factor_exists`, `code_refused`, `rate_limited`. */
export async function confirmSecondFactor(
  deps: SecondFactorDeps,
  caller: Caller,
  code: string,
  browser: Browser,
): Promise<RecoveryCodes> {
  requireRecent(deps, caller);
  const { id } = caller.user;
  const guess = await admitCode(deps, { userId: id, code, browser });
  const draft = await findSecondFactor(deps.db.kysely, id);
  if (draft !== undefined && draft.confirmedAt !== null) throw secondFactorExists();
  const secret = draft && deps.sealer.open(sealedFor(id), draft.secret);
  const at = deps.clock.now();
  const step = secret === undefined ? undefined : findStep(secret, code.replaceAll(/[\s-]/g, ''), at);
  if (draft === undefined || step === undefined) throw codeRefused();
  const codes = await deps.db.kysely.transaction().execute(async (trx) => {
    await requireLiving(trx, caller);
    if (!(await confirmDraft(trx, id, { secret: draft.secret, step, at }))) throw codeRefused();
    await writeAudit(trx, deps.clock, { kind: 'second_factor_on', actor: id, subject: id, from: browser });
    return await giveRecoveryCodes(trx, id);
  });
  guess.forgive();
  return codes;
}

/** New ones, in place of all that were there. */
export async function giveRecoveryCodes(trx: Kysely<Tables>, userId: string): Promise<RecoveryCodes> {
  const codes = makeRecoveryCodes();
  const hashes = codes.map((code) => hashRecoveryCode(userId, code)).filter((hash) => hash !== undefined);
  await replaceRecoveryCodes(trx, userId, hashes);
  return { recoveryCodes: codes };
}
