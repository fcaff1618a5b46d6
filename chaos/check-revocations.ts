import type { Chatter } from './chatter.ts';
import type { Findings } from './finding.ts';
import type { Fleet } from './fleet.ts';
import type { House } from './house.ts';
import type { SocketRecord } from './recorded-socket.ts';

/** I7, in milliseconds from the commit. */
const promise = 1_000;

type Revoked = { grant: string; at: number };

/**
 * Every socket of a login that was ended: closed within a second by a node that is well, and silent after it in any case.
 * Gives the slowest closing, in milliseconds.
 */
export async function checkRevocations(house: House, fleet: Fleet, findings: Findings, since: number): Promise<number> {
  const rows = await house.sql<Revoked>(
    `SELECT "grantId" AS grant, at::float8 FROM revocations WHERE kind = 'grant' AND at >= $1`,
    [since],
  );
  const ends = new Map(rows.map(({ grant, at }) => [grant, at]));
  let slowest = 0;
  for (const chatter of fleet.everybody) {
    const at = ends.get(chatter.session);
    if (at === undefined) continue;
    for (const socket of chatter.sockets) slowest = Math.max(slowest, judge(chatter, socket, at, house, findings));
  }
  return slowest;
}

function judge({ name }: Chatter, socket: SocketRecord, at: number, house: House, findings: Findings): number {
  const { node, authenticatedAt, lastFrameAt, lastFrame, closedAt, code, isDropped } = socket;
  if (authenticatedAt > at)
    findings.add('without right', `I7: ${name} was let in by ${node} ${authenticatedAt - at} ms after its end`);
  if (authenticatedAt === 0) return 0;
  if (lastFrameAt > at + promise) {
    const text = `I7: ${name} got ${lastFrame} from ${node} ${lastFrameAt - at} ms after its end`;
    findings.add('without right', text);
  }
  const wasClosedBefore = closedAt > 0 && closedAt < at;
  if (wasClosedBefore || isDropped || (house.nodeAt(node)?.wasUnwell(at - promise, at + promise) ?? true)) return 0;
  const took = (closedAt || Date.now()) - at;
  if (took > promise) findings.add('late', `I7: ${node} closed ${name} with ${code} after ${took} ms`);
  return took;
}
