import { limits } from '@parlour/protocol/limits';
import type { ListQuery, Page } from '@parlour/protocol/paging';
import type { Session } from '@parlour/protocol/sessions';
import * as v from 'valibot';
import { readCursor, toPage } from '../cursor.ts';
import type { Caller } from './caller.ts';
import { nameDevice } from './name-device.ts';
import type { SessionListRow, SessionStore } from './session-store.ts';

const key = v.strictTuple([v.string(), v.string()]);

/** Every login of the caller that lives, newest first. */
export async function listSessions(
  { sessions }: { sessions: SessionStore },
  caller: Caller,
  { cursor, limit = limits.pageDefault }: ListQuery = {},
): Promise<Page<Session>> {
  const before = cursor === undefined ? undefined : readCursor(key, cursor);
  const rows = await sessions.listOf(caller.user.id, before, limit + 1);
  return toPage(rows, limit, { item: (row) => toSession(row, caller), key: (row) => [row.createdAt, row.id] });
}

function toSession(
  { id, userAgent, ipAddress, createdAt, updatedAt, method }: SessionListRow,
  caller: Caller,
): Session {
  const current = id === caller.grantId;
  return { id, ...nameDevice(userAgent), address: ipAddress, createdAt, lastSeenAt: updatedAt, method, current };
}
