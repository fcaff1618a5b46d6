import { peopleARoom } from '../load/costs-house.ts';
import { type Rates, toRates, without } from '../usage.ts';
import { type Bench, order, rest } from './costs-bench.ts';

/** Against the same node before it had any, for its memory, and against the far node that has none, for its time. */
export async function measureSockets({ cluster, load, plan }: Bench, idle: Rates) {
  const connect = async (from: number) => {
    const numbers = Array.from({ length: plan.sockets }, (_, i) => from + i);
    const people = numbers.map((i) => `person-${i}`);
    const rooms = numbers.map((i) => `home-${Math.floor(i / peopleARoom)}`);
    const { near: port } = cluster.ports;
    const { used } = await cluster.measure(() =>
      order(load, { kind: 'connect', crowd: 'people', port, people, rooms }),
    );
    const spent = without(used, idle);
    // What follows an arrival, such as telling the others who came, is over by then.
    await rest(Math.min(2, plan.idleSeconds / 4));
    return spent;
  };
  const before = await cluster.memory();
  await connect(0);
  const spent = await connect(plan.sockets);
  const { used } = await cluster.measure(() => rest(plan.idleSeconds));
  const quiet = toRates(used);
  const after = await cluster.memory();
  const each = (value: number) => value / plan.sockets;
  return {
    connect: { node: each(spent.near), postgres: each(spent.postgres) },
    socket: {
      bytes: each(after.held - before.held) / 2,
      cpuAMinute: (each(quiet.near - quiet.far) / 2) * 60,
    },
  };
}
