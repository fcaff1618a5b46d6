import type { AuditFilter } from '@parlour/protocol/audit';
import type { Kysely } from 'kysely';
import type { Tables } from '../database/tables.ts';

export type AuditRow = {
  number: number;
  at: number;
  kind: string;
  actor: string | null;
  actorName: string | null;
  subject: string | null;
  subjectName: string | null;
  address: string | null;
  userAgent: string | null;
  detail: string;
};

/** The newest rows first, from below a number where one is given. */
export async function listAuditRows(
  db: Kysely<Tables>,
  filter: AuditFilter,
  { below, limit }: { below: number | undefined; limit: number },
): Promise<AuditRow[]> {
  let query = db
    .selectFrom('audit')
    .leftJoin('user as actorUser', 'actorUser.id', 'audit.actor')
    .leftJoin('user as subjectUser', 'subjectUser.id', 'audit.subject')
    .select([
      'audit.number',
      'audit.at',
      'audit.kind',
      'audit.actor',
      'actorUser.name as actorName',
      'audit.subject',
      'subjectUser.name as subjectName',
      'audit.address',
      'audit.userAgent',
      'audit.detail',
    ])
    .orderBy('audit.number', 'desc')
    .limit(limit);
  if (below !== undefined) query = query.where('audit.number', '<', below);
  for (const column of ['kind', 'actor', 'subject', 'address'] as const) {
    const wanted = filter[column];
    if (wanted !== undefined) query = query.where(`audit.${column}`, '=', wanted);
  }
  const { person, from, to } = filter;
  if (person !== undefined) {
    query = query.where((eb) => eb.or([eb('audit.actor', '=', person), eb('audit.subject', '=', person)]));
  }
  if (from !== undefined) query = query.where('audit.at', '>=', Date.parse(from));
  if (to !== undefined) query = query.where('audit.at', '<', Date.parse(to));
  return await query.execute();
}
