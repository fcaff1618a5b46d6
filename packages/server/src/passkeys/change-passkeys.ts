import { ParlourError } from '@parlour/protocol/errors';
import type { Passkey } from '@parlour/protocol/passkeys';
import type { Browser } from '../accounts/browser.ts';
import type { Caller } from '../accounts/caller.ts';
import { requireRecent } from '../accounts/require-recent.ts';
import { findSignInWays } from '../accounts/sign-in-ways.ts';
import { writeAudit } from '../audit/write-audit.ts';
import { type PasskeyDeps, passkeyNotFound, toPasskey } from './passkey.ts';
import { listPasskeyRows, removePasskey, updateName } from './passkey-store.ts';

export async function listPasskeys({ db }: PasskeyDeps, { user }: Caller): Promise<Passkey[]> {
  return (await listPasskeyRows(db.kysely, user.id)).map(toPasskey);
}

/** Throws `passkey_not_found`. */
export async function renamePasskey({ db }: PasskeyDeps, { user }: Caller, id: string, name: string): Promise<void> {
  if (!(await updateName(db.kysely, user.id, id, name))) throw passkeyNotFound();
}

/** Throws `confirmation_required`, `passkey_not_found`, and `last_sign_in_way` where nothing else is left to sign in with. */
export async function deletePasskey(deps: PasskeyDeps, caller: Caller, id: string, browser: Browser): Promise<void> {
  requireRecent(deps, caller);
  const { id: userId } = caller.user;
  await deps.db.kysely.transaction().execute(async (trx) => {
    const removed = await removePasskey(trx, userId, id);
    if (removed === undefined) throw passkeyNotFound();
    const { password, passkeys, identities } = await findSignInWays(trx, deps.providers.keys(), userId);
    if (!password && passkeys + identities === 0) {
      throw new ParlourError('last_sign_in_way', 'This is the only way you can sign in. Add another one first.');
    }
    const detail = { name: removed.name };
    await writeAudit(trx, deps.clock, {
      kind: 'passkey_removed',
      actor: userId,
      subject: userId,
      from: browser,
      detail,
    });
  });
}
