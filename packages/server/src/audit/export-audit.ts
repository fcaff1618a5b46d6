import type { AuditFilter } from '@parlour/protocol/audit';
import type { Clock } from '../clock.ts';
import { listAuditRows } from './audit-store.ts';
import { type AuditDeps, type AuditReader, requireAudit, toAuditEvent } from './list-audit.ts';
import { type AuditEntry, writeAudit } from './write-audit.ts';

/** Rows that are read and held at a time, however long the log is. */
const pageRows = 500;

/**
 * The log as JSON Lines, newest first, read as fast as it is taken. That somebody took it is in the log itself. Throws
 * `forbidden`.
 */
export async function exportAudit(
  deps: AuditDeps & { clock: Clock },
  reader: AuditReader,
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
      below = rows.at(-1)?.number;
      const lines = rows.map((row) => `${JSON.stringify(toAuditEvent(deps, row))}\n`);
      if (lines.length > 0) controller.enqueue(encoder.encode(lines.join('')));
      if (rows.length < pageRows) controller.close();
    },
  });
}
