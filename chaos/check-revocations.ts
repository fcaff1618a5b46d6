import type { Chatter } from './chatter.ts';
import type { Findings } from './finding.ts';
import type { Fleet } from './fleet.ts';
import type { House } from './house.ts';
import type { OwnLag } from './own-lag.ts';
import type { SocketRecord } from './recorded-socket.ts';

/** I7, in milliseconds from the commit. */
const promise = 1_000;

export type RevocationCheck = { house: House; fleet: Fleet; findings: Findings; ownLag: OwnLag };

type Revoked = { grant: string; at: number };

/**
 * Every socket of a login that was ended: closed within a second by a node that is well, and silent after it in any case.
 * Gives the slowest closing, in milliseconds.
 */
export async function checkRevocations(check: RevocationCheck, since: number): Promise<number> {
  const { house, fleet } = check;
  const rows = await house.sql<Revoked>(
    `SELECT "grantId" AS grant, at::float8 FROM revocations WHERE kind = 'grant' AND at >= $1`,
    [since],
  );
  const ends = new Map(rows.map(({ grant, at }) => [grant, at]));
  let slowest = 0;
  for (const chatter of fleet.everybody) {
    const at = ends.get(chatter.session);
    if (at === undefined) continue;
    for (const socket of chatter.sockets) slowest = Math.max(slowest, judge(chatter, socket, at, check));
  }
  return slowest;
}

function judge({ name }: Chatter, socket: SocketRecord, at: number, check: RevocationCheck): number {
  const { house, findings, ownLag } = check;
  const { node, authenticatedAt, lastFrameAt, lastFrame, closedAt, code, isDropped } = socket;
  /** What came at `seenAt` may have come that much earlier, and no more than this is forgiven. */
  const isTooLate = (seenAt: number) => seenAt - at > promise + ownLag.longestBetween(at, seenAt);
  if (authenticatedAt > at && isTooLate(authenticatedAt))
    findings.add('without right', `I7: ${name} was let in by ${node} ${authenticatedAt - at} ms after its end`);
  if (authenticatedAt === 0) return 0;
  if (isTooLate(lastFrameAt)) {
    const text = `I7: ${name} got ${lastFrame} from ${node} ${lastFrameAt - at} ms after its end`;
    findings.add('without right', text);
  }
  const wasClosedBefore = closedAt > 0 && closedAt < at;
  if (wasClosedBefore || isDropped || (house.nodeAt(node)?.wasUnwell(at - promise, at + promise) ?? true)) return 0;
  const goneAt = closedAt || Date.now();
  if (isTooLate(goneAt)) findings.add('late', `I7: ${node} closed ${name} with ${code} after ${goneAt - at} ms`);
  return goneAt - at;
}
