import type { Role } from '@parlour/protocol/accounts';
import { ParlourError } from '@parlour/protocol/errors';
import { outranks } from '@parlour/protocol/permissions';
import { requireRecent } from '../accounts/require-recent.ts';
import { writeAudit } from '../audit/write-audit.ts';
import { putRole } from './people-store.ts';
import { type Act, findSubordinate, type Pair, type PeopleDeps } from './person.ts';

/**
 * Gives somebody below oneself another role below one's own. The owner may also hand the house over and is an admin from
 * then on: there is always exactly one owner. Throws `forbidden`, `person_not_found`, or `confirmation_required`.
 */
export async function changeRole(deps: PeopleDeps, act: Act, id: string, role: Role): Promise<void> {
  if (role === 'owner') requireRecent(deps, act.caller);
  await deps.db.kysely.transaction().execute(async (trx) => {
    const pair = await findSubordinate(trx, act.caller, id, 'changeRoles');
    const { actor, subject } = pair;
    checkRole(pair, role);
    if (subject.role === role) return;
    // In this order, because the table has room for one owner.
    if (role === 'owner') await putRole(trx, actor.id, 'admin');
    await putRole(trx, subject.id, role);
    const detail = { from: subject.role, to: role };
    await writeAudit(trx, deps.clock, {
      kind: 'role_changed',
      actor: actor.id,
      subject: subject.id,
      from: act.browser,
      detail,
    });
  });
  deps.onRightsEnded();
}

function checkRole({ actor, subject }: Pair, role: Role): void {
  if (role === 'owner' && actor.role === 'owner') {
    if (subject.bannedAt === null) return;
    throw new ParlourError('forbidden', 'Somebody who is banned cannot own the house.');
  }
  if (!outranks(actor.role, role)) {
    throw new ParlourError('forbidden', 'Nobody gives a role that is not below their own.');
  }
}
