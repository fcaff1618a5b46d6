import { auditFilter, auditPage, auditQuery } from '@parlour/protocol/audit';
import { listQuery } from '@parlour/protocol/paging';
import type { Hono } from 'hono';
import { type AppEnv, newRoutes } from '../http/http-app.ts';
import { limitByPerson, type RateLimits } from '../http/rate-limit.ts';
import { callerOf, requireCaller } from '../http/require-caller.ts';
import { query } from '../http/validate.ts';
import { describe } from '../route-description.ts';
import { type ExportDeps, exportAudit } from './export-audit.ts';
import { listAudit, listHistory } from './list-audit.ts';

export type AuditRouteDeps = ExportDeps & { limits: Pick<RateLimits, 'export'> };

const tag = 'History';

export function auditRoutes(deps: AuditRouteDeps): Hono<AppEnv> {
  return newRoutes()
    .get('/audit', describeList, requireCaller, query(auditQuery), async (c) =>
      c.json(await listAudit(deps, callerOf(c), c.req.valid('query'))),
    )
    .get(
      '/audit/export',
      describeExport,
      requireCaller,
      limitByPerson(deps.limits.export),
      query(auditFilter),
      async (c) => {
        const from = { clientAddress: c.var.clientAddress, headers: c.req.raw.headers };
        const lines = await exportAudit(deps, callerOf(c), c.req.valid('query'), from);
        c.header('content-type', 'application/jsonl; charset=utf-8');
        c.header('content-disposition', 'attachment; filename="parlour-history.jsonl"');
        return c.body(lines);
      },
    )
    .get('/account/history', describeHistory, requireCaller, query(listQuery), async (c) =>
      c.json(await listHistory(deps, callerOf(c), c.req.valid('query'))),
    );
}

const describeList = describe({
  tag,
  summary: 'Read the security events of the house',
  answers: { 200: { description: 'A page of events, the newest first.', schema: auditPage } },
  refusals: ['forbidden', 'invalid_field'],
});
const describeExport = describe({
  tag,
  summary: 'Take the security events of the house along, as JSON Lines',
  answers: { 200: { description: 'One event a line (`application/jsonl`), the newest first.' } },
  refusals: ['forbidden', 'invalid_field', 'rate_limited'],
});
const describeHistory = describe({
  tag,
  summary: 'Read the security events of one’s own account',
  answers: { 200: { description: 'A page of events, the newest first.', schema: auditPage } },
  refusals: ['invalid_field'],
});
