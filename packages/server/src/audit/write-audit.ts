import type { AuditKind } from '@parlour/protocol/audit';
import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Tables } from '../database/tables.ts';

export type AuditEntry = {
  kind: AuditKind;
  /** Who did it; undefined for somebody who is not signed in. */
  actor?: string | undefined;
  /** Whom it concerns. */
  subject?: string | undefined;
  /** Where it came from. */
  from?: { clientAddress: string; headers: Headers } | undefined;
  /** What else is worth knowing. Never a secret. */
  detail?: Record<string, unknown>;
};

/** Notes a security event, in the transaction of the act itself, so that neither is there without the other. */
export async function writeAudit(
  db: Kysely<Tables>,
  clock: Clock,
  { kind, actor, subject, from, detail = {} }: AuditEntry,
): Promise<void> {
  const row = {
    at: clock.now(),
    kind,
    actor: actor ?? null,
    subject: subject ?? null,
    address: from?.clientAddress ?? null,
    userAgent: from?.headers.get('user-agent')?.slice(0, 400) ?? null,
    detail: JSON.stringify(detail),
  };
  await db.insertInto('audit').values(row).execute();
}
