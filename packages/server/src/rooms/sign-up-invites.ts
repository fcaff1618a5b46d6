import { findInviteFault, inviteUsedUp } from './invite.ts';
import type { Queries, RoomDeps } from './room.ts';
import { findInvite, spendInvite } from './spend-invite.ts';

/** Invites as sign-up needs them: looked at before an account is made, spent in the transaction that makes it. */
export function signUpInvites({ db, clock }: Pick<RoomDeps, 'db' | 'clock'>) {
  return {
    check: async (code: string): Promise<void> => {
      const invite = await findInvite(db.kysely, code);
      const fault = findInviteFault(invite, clock.now());
      if (fault !== undefined) throw fault;
      if (invite.maxUses !== null && invite.uses >= invite.maxUses) throw inviteUsedUp();
    },
    spend: async (trx: Queries, code: string, user: string): Promise<void> =>
      spendInvite(trx, await findInvite(trx, code), user, clock.now()),
  };
}
