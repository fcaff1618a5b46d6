import type { ResetLink } from '@parlour/protocol/resets';
import type { Transaction } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Tables } from '../database/tables.ts';
import type { OneTimeSecrets } from './one-time-secrets.ts';

const minute = 60;
/** Seconds that a link works: in a mail, and handed over by somebody who has to be reached first. */
const life = { mail: 30 * minute, admin: 24 * 60 * minute, console: 24 * 60 * minute };
/** What the mail about it says. */
export const mailedMinutes = life.mail / minute;

export type ResetIssuer = keyof typeof life;
export type ResetData = {
  by: ResetIssuer;
  /** The mailbox that using the link proves to be the person's; null where it was handed over. */
  address: string | null;
  /** The admin who handed it over: it is worth what they may do when it is used. */
  issuer?: string;
};
export type IssueResetDeps = { clock: Clock; secrets: OneTimeSecrets; origin(): string };

/**
 * Makes a link that sets a person's password, in the caller's transaction; earlier ones stop working. For nobody it
 * does the same and gives a link that leads nowhere. The secret stands behind the `#`, which browsers send to no server.
 */
export async function issueReset(
  { clock, secrets, origin }: IssueResetDeps,
  trx: Transaction<Tables>,
  userId: string | undefined,
  data: ResetData,
): Promise<ResetLink> {
  const seconds = life[data.by];
  await secrets.revoke('password_reset', userId ?? '', trx);
  const owner = userId === undefined ? {} : { userId };
  const secret = await secrets.issue({ kind: 'password_reset', ...owner, data, seconds }, trx);
  return {
    url: `${origin()}/reset#${secret}`,
    expiresAt: new Date(clock.now() + seconds * 1_000).toISOString(),
  };
}
