import { ParlourError } from '@parlour/protocol/errors';
import type { SecondFactor } from '@parlour/protocol/second-factor';
import type { OneTimeSecrets } from '../accounts/one-time-secrets.ts';
import type { Sealer } from '../accounts/sealer.ts';
import type { SignInGuardDeps } from '../accounts/sign-in-guard.ts';
import type { AttemptLog } from '../audit/attempt-log.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { RateLimits } from '../http/rate-limit.ts';
import { countRecoveryCodes, findSecondFactor } from './second-factor-store.ts';

export type SecondFactorDeps = Omit<SignInGuardDeps, 'limits'> & {
  db: Database;
  clock: Clock;
  secrets: OneTimeSecrets;
  sealer: Sealer;
  attempts: AttemptLog;
  limits: Pick<RateLimits, 'secondFactor' | 'guesses'>;
  houseName: string;
};

/** Sealed for its owner: in another person's row it is worth nothing. */
export function sealedFor(userId: string): string {
  return `second factor of ${userId}`;
}

export async function readSecondFactor({ db }: SecondFactorDeps, userId: string): Promise<SecondFactor> {
  const confirmedAt = (await findSecondFactor(db.kysely, userId))?.confirmedAt ?? null;
  return {
    on: confirmedAt !== null,
    since: confirmedAt === null ? null : new Date(confirmedAt).toISOString(),
    recoveryCodesLeft: await countRecoveryCodes(db.kysely, userId),
  };
}

export function secondFactorExists(): ParlourError {
  return new ParlourError('second_factor_exists', 'Two-step sign-in is on already. Turn it off first.');
}
