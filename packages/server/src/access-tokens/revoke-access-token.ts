import { ParlourError } from '@parlour/protocol/errors';
import type { Caller } from '../accounts/caller.ts';
import { writeAudit } from '../audit/write-audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { deleteAccessToken } from './access-token-store.ts';

export type RevokeDeps = {
  db: Database;
  clock: Clock;
  /** The revocation log has something new, so that it is read at once. */
  onGrantEnded(): void;
};

/** Ends one of one's own tokens, and with it every socket and token that hangs on it. Throws `not_found`. */
export async function revokeAccessToken(deps: RevokeDeps, { user, from }: Caller, id: string): Promise<void> {
  await deps.db.kysely.transaction().execute(async (trx) => {
    if (!(await deleteAccessToken(trx, id, user.id))) {
      throw new ParlourError('not_found', 'You have no such access token.');
    }
    // That it ended is noted by a trigger, whatever ended it; who did so, and from where, only here.
    const act = { actor: user.id, subject: user.id, from, detail: { token: id } };
    await writeAudit(trx, deps.clock, { kind: 'access_token_revoked', ...act });
  });
  deps.onGrantEnded();
}
