import { type Rates, without } from '../usage.ts';
import { type Bench, order } from './costs-bench.ts';

const readsASecond = 400;

/** One socket marks a room as read, again and again. */
export async function measureReads(
  { cluster, load, plan }: Pick<Bench, 'cluster' | 'load' | 'plan'>,
  room: string,
  idle: Rates,
) {
  const { used, result } = await cluster.measure(() =>
    order(load, { kind: 'read', crowd: 'talker', room, aSecond: readsASecond, milliseconds: 2 * plan.milliseconds }),
  );
  const spent = without(used, idle);
  return {
    node: spent.near / result.count,
    postgres: spent.postgres / result.count,
    broker: spent.broker / result.count,
    receiver: Math.max(0, spent.far / result.count),
  };
}
