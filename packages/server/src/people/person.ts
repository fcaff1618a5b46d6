import { ParlourError } from '@parlour/protocol/errors';
import type { HouseMember } from '@parlour/protocol/people';
import { can, outranks, type Permission } from '@parlour/protocol/permissions';
import type { Kysely, Transaction } from 'kysely';
import type { Browser } from '../accounts/browser.ts';
import type { Caller } from '../accounts/caller.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Tables } from '../database/tables.ts';
import { findPersonRow, type PersonRow } from './people-store.ts';

export type PeopleDeps = {
  db: Database;
  clock: Clock;
  /** Somebody is being banned: what they may no longer do is undone in the same transaction. */
  onBanned(transaction: Transaction<Tables>, id: string): Promise<void>;
  /** The revocation log has something new, so that it is read at once. */
  onRightsEnded(): void;
};

/** Who does something to somebody, and from where. */
export type Act = { caller: Caller; browser: Browser };
export type Pair = { actor: PersonRow; subject: PersonRow };

/** Throws `forbidden`. */
export function requirePermission(role: PersonRow['role'], permission: Permission): void {
  if (!can(role, permission)) throw new ParlourError('forbidden', 'Your role in this house does not allow that.');
}

/**
 * Finds somebody below the caller, as both are at this moment: what the caller was when the request came counts no more.
 * Who may do nothing to anybody does not learn whether there is such a person. Throws `not_authenticated`, `forbidden` or
 * `person_not_found`.
 */
export async function findSubordinate(
  trx: Kysely<Tables>,
  caller: Caller,
  id: string,
  permission: Permission,
): Promise<Pair> {
  const actor = await findPersonRow(trx, caller.user.id);
  if (actor === undefined || actor.bannedAt !== null) throw new ParlourError('not_authenticated', 'Sign in first.');
  requirePermission(actor.role, permission);
  const subject = await findPersonRow(trx, id);
  if (subject === undefined) throw new ParlourError('person_not_found', 'There is no such person.');
  if (subject.id === actor.id) throw new ParlourError('forbidden', 'Nobody does that to themselves.');
  if (!outranks(actor.role, subject.role)) {
    throw new ParlourError('forbidden', 'Nobody does that to somebody of their own role or above.');
  }
  return { actor, subject };
}

export function toHouseMember({ id, name, role, bannedAt, banReason, createdAt }: PersonRow): HouseMember {
  return { id, name, role, banned: bannedAt !== null, banReason, joinedAt: createdAt };
}
