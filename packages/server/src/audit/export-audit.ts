import type { AuditFilter } from '@parlour/protocol/audit';
import { ParlourError } from '@parlour/protocol/errors';
import type { Clock } from '../clock.ts';
import { listAuditRows } from './audit-store.ts';
import { type AuditDeps, type AuditReader, requireAudit, toAuditEvent } from './list-audit.ts';
import { type AuditEntry, writeAudit } from './write-audit.ts';

export type ExportDeps = AuditDeps & {
  clock: Clock;
  /** Whose grant this is, if it lives. */
  findReader(grantId: string): Promise<AuditReader | undefined>;
};

/** Rows that are read and held at a time, however long the log is. */
const pageRows = 500;

/**
 * The log as JSON Lines, newest first, read as fast as it is taken. That somebody took it is in the log itself. The reader
 * is looked up again for each page: once they may not read it any more, the stream breaks. Throws `forbidden`.
 */
export async function exportAudit(
  deps: ExportDeps,
  reader: AuditReader & { grantId: string },
  filter: AuditFilter,
  from: AuditEntry['from'],
): Promise<ReadableStream<Uint8Array>> {
  requireAudit(reader);
  const db = deps.db.kysely;
  await writeAudit(db, deps.clock, { kind: 'audit_exported', actor: reader.user.id, from, detail: { ...filter } });
  let below: number | undefined;
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const rows = await listAuditRows(db, filter, { below, limit: pageRows });
      const present = await deps.findReader(reader.grantId);
      if (present === undefined) throw new ParlourError('not_authenticated', 'Sign in first.');
      requireAudit(present);
      below = rows.at(-1)?.number;
      const lines = rows.map((row) => `${JSON.stringify(toAuditEvent(deps, row))}\n`);
      if (lines.length > 0) controller.enqueue(encoder.encode(lines.join('')));
      if (rows.length < pageRows) controller.close();
    },
  });
}
