import type { Costs } from '../cost.ts';
import type { Bench } from './costs-bench.ts';
import { measureDeliveries } from './measure-deliveries.ts';
import { measureHeads } from './measure-heads.ts';
import { measureLoops } from './measure-loops.ts';
import { measureNotices } from './measure-notices.ts';
import { measureSends } from './measure-sends.ts';
import { measureSockets } from './measure-sockets.ts';

/** One thing after another: what is measured later builds on what a node does anyway, which is measured first. */
export async function measureCosts(bench: Bench): Promise<Costs> {
  const { say } = bench;
  say('doing nothing …');
  const { loops, idle, bytes } = await measureLoops(bench);
  say('looking at the heads of quiet rooms …');
  const heads = await measureHeads(bench, idle);
  say('sending …');
  const sends = await measureSends(bench, idle);
  say('delivering …');
  const deliveries = await measureDeliveries(bench);
  say('connecting people who do nothing …');
  const sockets = await measureSockets(bench, idle);
  say('noticing what is unread …');
  const notices = await measureNotices(bench, sends.send);
  const { eventAndDelivery, ...rest } = sends;
  const receivedEvent = Math.max(0, eventAndDelivery - deliveries.together);
  const { together, alone } = deliveries;
  return {
    ...rest,
    delivery: { alone, together },
    receive: { ...rest.receive, event: receivedEvent },
    ...sockets,
    ...notices,
    node: { bytes },
    loops,
    heads,
  };
}
