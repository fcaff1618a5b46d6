import type { Costs } from '../cost.ts';
import { type Rates, toRates } from '../usage.ts';
import { type Bench, rest } from './costs-bench.ts';

/** What both nodes do with nobody on them. */
export async function measureLoops({
  cluster,
  plan,
}: Bench): Promise<{ loops: Costs['loops']; idle: Rates; bytes: number }> {
  await rest(Math.min(5, plan.idleSeconds / 4));
  const { resident } = await cluster.memory();
  const { used } = await cluster.measure(() => rest(plan.idleSeconds * 0.4));
  const idle = toRates(used);
  const loops = { node: (idle.near + idle.far) / 2, postgres: idle.postgres / 2, broker: idle.broker / 2 };
  return { loops, idle, bytes: resident };
}
