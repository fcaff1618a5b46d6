import type { Costs } from '../cost.ts';
import { type Rates, toRates } from '../usage.ts';
import { type Bench, order, rest } from './costs-bench.ts';

/** Seconds after which the other node has been told that somebody left all of their rooms. */
const goodbye = 5.5;

/** The far node looks at the heads of all rooms of one socket, once a second. */
export async function measureHeads({ cluster, load, plan, house }: Bench, idle: Rates): Promise<Costs['heads']> {
  await order(load, { kind: 'connect', crowd: 'rover', port: cluster.ports.far, people: ['rover'] });
  const rooms = Array.from({ length: house.quietRooms }, (_, i) => `quiet-${i}`);
  await order(load, { kind: 'join', crowd: 'rover', rooms });
  // Until the last time that nodes compare who came into these rooms, which is 12 s later.
  await rest(plan.idleSeconds * 0.7);
  const { used } = await cluster.measure(() => rest(plan.idleSeconds * 0.5));
  const now = toRates(used);
  await order(load, { kind: 'hangUp', crowd: 'rover' });
  await rest(goodbye);
  // The near node does the same but for this, and its code has run as often.
  return {
    node: Math.max(0, now.far - now.near) / rooms.length,
    postgres: (now.postgres - idle.postgres) / rooms.length,
  };
}
