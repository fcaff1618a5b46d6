import type { Costs } from '../cost.ts';
import { median } from '../statistics.ts';
import { type Bench, order } from './costs-bench.ts';

/** From the same room with many and with few readers: what is left is theirs alone. */
export async function measureDeliveries({ cluster, load, plan }: Bench): Promise<Costs['delivery']> {
  const people = Array.from({ length: plan.crowd }, (_, i) => `listener-${i}`);
  const few = people.slice(0, plan.few);
  const { near: port } = cluster.ports;
  const enter = (crowd: string, room: string, who: string[]) =>
    order(load, { kind: 'connect', crowd, port, people: who, rooms: who.map(() => room) });
  await enter('hall', 'hall', people);
  await enter('corner', 'corner', few);
  const talk = async (crowd: string, inFlight: number) => {
    const { used, result } = await cluster.measure(() =>
      order(load, { kind: 'talk', crowd, room: crowd, inFlight, milliseconds: plan.milliseconds }),
    );
    return used.near / result.count;
  };
  const compare = async (inFlight: number) => {
    const found: number[] = [];
    for (let i = 0; i < plan.rounds; i += 1) {
      const [many, some] = [await talk('hall', inFlight), await talk('corner', inFlight)];
      found.push((many - some) / (plan.crowd - plan.few));
    }
    return median(found);
  };
  const [alone, together] = [await compare(1), await compare(Math.min(16, plan.few))];
  await order(load, { kind: 'hangUp', crowd: 'hall' });
  await order(load, { kind: 'hangUp', crowd: 'corner' });
  return { alone, together };
}
