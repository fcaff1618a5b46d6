import type { Role } from '@parlour/protocol/accounts';
import { ParlourError } from '@parlour/protocol/errors';
import type { Transaction } from 'kysely';
import type { SignUpMode } from '../config.ts';
import type { Tables } from '../database/tables.ts';
import { type ClaimDeps, checkClaim, keepClaim } from './claim.ts';

/** Invites as sign-up needs them; rooms keep them, so the application hands them in. */
export type SignUpInvites = {
  /** Throws what is wrong with the invite, without using it. */
  check(code: string): Promise<void>;
  /** Takes one use for this person in the sign-up's transaction. Throws when none is left. */
  spend(transaction: Transaction<Tables>, code: string, userId: string): Promise<void>;
};
export type AdmissionDeps = ClaimDeps & { signUpMode: SignUpMode; invites: SignUpInvites };
export type Entry = { claim?: string | undefined; invite?: string | undefined };
export type Admission = {
  role: Role;
  /** Before the person is made: a house has one owner. */
  claim(transaction: Transaction<Tables>, userId: string): Promise<void>;
  /** After it. */
  spend(transaction: Transaction<Tables>, userId: string): Promise<void>;
};

/**
 * Judges whether somebody may make an account, before anything is spent on it; `claim` and `spend` then take the
 * claim and the invite's use in the sign-up's own transaction, where the last one may turn out to be gone.
 */
export async function judgeAdmission(deps: AdmissionDeps, { claim, invite }: Entry): Promise<Admission> {
  if (claim === undefined) checkMode(deps.signUpMode, invite);
  else await checkClaim(deps, claim);
  if (invite !== undefined) await deps.invites.check(invite);
  return {
    role: claim === undefined ? 'member' : 'owner',
    claim: async (transaction, userId) => {
      if (claim !== undefined) await keepClaim(transaction, userId, deps.clock.now());
    },
    spend: async (transaction, userId) => {
      if (invite !== undefined) await deps.invites.spend(transaction, invite, userId);
    },
  };
}

function checkMode(mode: SignUpMode, invite: string | undefined): void {
  if (mode === 'closed') throw new ParlourError('sign_up_closed', 'This house takes no new people at the moment.');
  if (mode === 'invite' && invite === undefined) {
    throw new ParlourError('invite_required', 'You need an invite link from somebody who is in this house already.');
  }
}
