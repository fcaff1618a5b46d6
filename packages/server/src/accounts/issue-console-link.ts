import type { ResetLink } from '@parlour/protocol/resets';
import type { Kysely } from 'kysely';
import { writeAudit } from '../audit/write-audit.ts';
import type { Tables } from '../database/tables.ts';
import { type IssueResetDeps, issueReset } from './issue-reset.ts';
import { findCredentials } from './user-store.ts';

export type ConsoleLinkDeps = IssueResetDeps & { db: { kysely: Kysely<Tables> } };
export type ConsoleLink = ResetLink & { name: string };

/**
 * Makes a link that sets a person's password, for whoever runs the machine: for anyone, the owner too. Answers in words
 * why there is none.
 */
export async function issueConsoleLink(deps: ConsoleLinkDeps, email: string): Promise<ConsoleLink | string> {
  const person = await findCredentials(deps.db.kysely, email);
  if (person === undefined) return `Nobody in this house has the address ${email}.`;
  if (person.bannedAt !== null) return `${person.name} is banned, and no link lets them in: lift the ban first.`;
  const link = await deps.db.kysely.transaction().execute(async (trx) => {
    const detail = { link: 'console' };
    await writeAudit(trx, deps.clock, { kind: 'reset_link_issued', subject: person.id, detail });
    return await issueReset(deps, trx, person.id, { by: 'console', address: null });
  });
  return { ...link, name: person.name };
}
