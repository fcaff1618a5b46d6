import { writeAudit } from '../audit/write-audit.ts';
import { markBanned, markPardoned } from './people-store.ts';
import { type Act, findSubordinate, type PeopleDeps } from './person.ts';

/**
 * Shuts somebody out: a trigger ends every grant of theirs in the same transaction, and no login opens another one. They
 * stay in their rooms, so that a pardon brings everything back. Throws `forbidden` or `person_not_found`.
 */
export async function banPerson(deps: PeopleDeps, act: Act, id: string, reason: string | undefined): Promise<void> {
  await deps.db.kysely.transaction().execute(async (trx) => {
    const { actor, subject } = await findSubordinate(trx, act.caller, id, 'ban');
    if (!(await markBanned(trx, subject.id, reason, deps.clock.now()))) return;
    await deps.onBanned(trx, subject.id);
    const detail = reason === undefined ? {} : { reason };
    await writeAudit(trx, deps.clock, {
      kind: 'banned',
      actor: actor.id,
      subject: subject.id,
      from: act.browser,
      detail,
    });
  });
  deps.onRightsEnded();
}

/** Lets somebody in again who was banned; what ended with the ban stays ended. Throws `forbidden`, `person_not_found`. */
export async function pardonPerson(deps: PeopleDeps, act: Act, id: string): Promise<void> {
  await deps.db.kysely.transaction().execute(async (trx) => {
    const { actor, subject } = await findSubordinate(trx, act.caller, id, 'ban');
    if (!(await markPardoned(trx, subject.id))) return;
    await writeAudit(trx, deps.clock, { kind: 'pardoned', actor: actor.id, subject: subject.id, from: act.browser });
  });
}
