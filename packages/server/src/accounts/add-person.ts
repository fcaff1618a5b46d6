import type { Person } from '@parlour/protocol/events';
import { handleOf } from '@parlour/protocol/mentions';
import type { Transaction } from 'kysely';
import { writeAudit } from '../audit/write-audit.ts';
import type { Clock } from '../clock.ts';
import type { Tables } from '../database/tables.ts';
import type { Log } from '../log.ts';
import type { Admission } from './admission.ts';
import type { Browser } from './browser.ts';
import { insertUser } from './user-store.ts';

export type NewPerson = Person & { email: string; emailVerified: boolean };

/**
 * Makes a person in the transaction of their first login, with the claim and the invite's use that let them in. Answers
 * false where the address is taken: then the transaction must be rolled back.
 */
export async function addPerson(
  trx: Transaction<Tables>,
  clock: Clock,
  { id, name, email, emailVerified }: NewPerson,
  admission: Admission,
  browser: Browser,
): Promise<boolean> {
  const user = { id, name, handle: handleOf(name), email, emailVerified: emailVerified ? 1 : 0, role: admission.role };
  await admission.claim(trx, id);
  if (!(await insertUser(trx, user, clock.now()))) return false;
  await admission.spend(trx, id);
  await writeAudit(trx, clock, { kind: 'signed_up', actor: id, subject: id, from: browser });
  return true;
}

export type WelcomeDeps = {
  log: Log;
  /** Called once for each new person, after the commit. */
  onSignUp(person: Person): Promise<void>;
};

/** The account stands, so what comes after it cannot turn it into a failure. */
export async function welcome({ onSignUp, log }: WelcomeDeps, person: Person): Promise<void> {
  await onSignUp(person).catch((cause: unknown) =>
    log.error('What follows a sign-up failed', { user: person.id, cause }),
  );
}
