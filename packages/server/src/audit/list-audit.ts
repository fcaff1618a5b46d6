import type { Role } from '@parlour/protocol/accounts';
import type { AuditEvent, AuditFilter, AuditKind, AuditQuery } from '@parlour/protocol/audit';
import { ParlourError } from '@parlour/protocol/errors';
import type { Person } from '@parlour/protocol/events';
import { limits } from '@parlour/protocol/limits';
import type { ListQuery, Page } from '@parlour/protocol/paging';
import { can } from '@parlour/protocol/permissions';
import * as v from 'valibot';
import { readCursor, toPage } from '../cursor.ts';
import type { Database } from '../database/database.ts';
import { type AuditRow, listAuditRows } from './audit-store.ts';

export type AuditDeps = {
  db: Pick<Database, 'kysely'>;
  /** A browser's and system's names for people, from what the browser calls itself. */
  nameDevice(userAgent: string): { browser: string; system: string };
};
export type AuditReader = { user: Person; role: Role };

const key = v.strictTuple([v.number()]);

/** Throws `forbidden`. */
export function requireAudit({ role }: AuditReader): void {
  if (!can(role, 'readAudit')) throw new ParlourError('forbidden', 'Your role in this house does not allow that.');
}

/** The whole house's log, newest first. Throws `forbidden`. */
export async function listAudit(
  deps: AuditDeps,
  reader: AuditReader,
  { cursor, limit, ...filter }: AuditQuery,
): Promise<Page<AuditEvent>> {
  requireAudit(reader);
  return await readPage(deps, filter, { cursor, limit }, (row) => toAuditEvent(deps, row));
}

/** What happened to somebody's own account or was done with it, for themselves: where others were stays theirs. */
export async function listHistory(
  deps: AuditDeps,
  { user }: Pick<AuditReader, 'user'>,
  query: ListQuery,
): Promise<Page<AuditEvent>> {
  return await readPage(deps, { person: user.id }, query, (row) => {
    const event = toAuditEvent(deps, row);
    const isOwn = row.actor === null || row.actor === user.id;
    return isOwn ? event : { ...event, address: null, browser: null, system: null };
  });
}

export function toAuditEvent({ nameDevice }: AuditDeps, row: AuditRow): AuditEvent {
  const { number, at, kind, address, userAgent } = row;
  return {
    number,
    at: new Date(at).toISOString(),
    kind: kind as AuditKind,
    actor: row.actor === null ? null : { id: row.actor, name: row.actorName },
    subject: row.subject === null ? null : { id: row.subject, name: row.subjectName },
    address: address === '' ? null : address,
    ...(userAgent === null || userAgent === '' ? { browser: null, system: null } : nameDevice(userAgent)),
    detail: JSON.parse(row.detail) as AuditEvent['detail'],
  };
}

async function readPage(
  { db }: AuditDeps,
  filter: AuditFilter,
  { cursor, limit = limits.pageDefault }: ListQuery,
  item: (row: AuditRow) => AuditEvent,
): Promise<Page<AuditEvent>> {
  const below = cursor === undefined ? undefined : readCursor(key, cursor)[0];
  const rows = await listAuditRows(db.kysely, filter, { below, limit: limit + 1 });
  return toPage(rows, limit, { item, key: ({ number }) => [number] });
}
